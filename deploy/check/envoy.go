package main

import (
	"fmt"
	"os"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	// Extensions are named in the file by their type; each has to be known here to be read.
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/retry/host/previous_hosts/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
	"sigs.k8s.io/yaml"
)

func checkEnvoy(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	json, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return "", err
	}
	config := &bootstrap.Bootstrap{}
	if err := protojson.Unmarshal(json, config); err != nil {
		return "", err
	}
	checked := 0
	if err := validate(config, &checked); err != nil {
		return "", err
	}
	return fmt.Sprintf("envoy: %d listener, %d cluster, %d messages checked",
		len(config.GetStaticResources().GetListeners()), len(config.GetStaticResources().GetClusters()), checked), nil
}

// validate asks the constraints of the message, and of every message that stands packed somewhere inside it.
func validate(message proto.Message, checked *int) error {
	if constrained, ok := message.(interface{ ValidateAll() error }); ok {
		if err := constrained.ValidateAll(); err != nil {
			return err
		}
	}
	*checked++
	var failure error
	visit := func(value protoreflect.Value) {
		if failure == nil {
			failure = validateNested(value.Message().Interface(), checked)
		}
	}
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Message() == nil {
			return true
		}
		switch {
		case field.IsMap():
			if field.MapValue().Message() != nil {
				value.Map().Range(func(_ protoreflect.MapKey, each protoreflect.Value) bool { visit(each); return failure == nil })
			}
		case field.IsList():
			for index := 0; index < value.List().Len(); index++ {
				visit(value.List().Get(index))
			}
		default:
			visit(value)
		}
		return failure == nil
	})
	return failure
}

func validateNested(message proto.Message, checked *int) error {
	packed, isPacked := message.(*anypb.Any)
	if !isPacked {
		return validate(message, checked)
	}
	inner, err := packed.UnmarshalNew()
	if err != nil {
		return err
	}
	return validate(inner, checked)
}

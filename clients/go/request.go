package mllayer

import (
	"crypto/rand"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// newRequestID names a logical call once, by a UUID of version 4, so that all its tries carry the same name.
func newRequestID() string {
	var random [16]byte
	// Never fails: package crypto/rand ends the program instead.
	_, _ = rand.Read(random[:])
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", random[:4], random[4:6], random[6:8], random[8:10], random[10:])
}

// named gives a request a name where it has none. The caller's message stays as it is; the feature window is shared, not copied.
func named(request *mlv1.PredictRequest) *mlv1.PredictRequest {
	if request.GetRequestId() != "" {
		return request
	}
	copied := &mlv1.PredictRequest{}
	request.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		copied.ProtoReflect().Set(field, value)
		return true
	})
	copied.RequestId = newRequestID()
	return copied
}

// Features are the series of a window, or appended bars, as the messages hold them: values by feature name, oldest bar first.
func Features(series map[string][]float64) map[string]*mlv1.FeatureSeries {
	features := make(map[string]*mlv1.FeatureSeries, len(series))
	for name, values := range series {
		features[name] = &mlv1.FeatureSeries{Values: values}
	}
	return features
}

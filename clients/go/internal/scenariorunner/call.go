package main

import (
	"context"
	"fmt"
	"reflect"

	"google.golang.org/protobuf/proto"
)

// call makes any administrative call by its name.
func (r *runner) call(ctx context.Context, c command) (answer, error) {
	services := map[string]any{
		"ModelRegistryService": r.client.Registry(),
		"ConfigService":        r.client.Config(),
		"MonitoringService":    r.client.Monitoring(),
	}
	stub, known := services[c.Service]
	if !known {
		return answer{}, fmt.Errorf("no such service: %s", c.Service)
	}
	method := reflect.ValueOf(stub).MethodByName(c.Method)
	if !method.IsValid() || method.Type().NumIn() != 3 {
		return answer{}, fmt.Errorf("%s has no unary method %s", c.Service, c.Method)
	}
	request, isMessage := reflect.New(method.Type().In(1).Elem()).Interface().(proto.Message)
	if !isMessage {
		return answer{}, fmt.Errorf("%s of %s takes no message", c.Method, c.Service)
	}
	if err := decode(c.Request, request); err != nil {
		return answer{}, err
	}
	returned := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(request)})
	response, _ := returned[0].Interface().(proto.Message)
	err, _ := returned[1].Interface().(error)
	return encode(response, err)
}

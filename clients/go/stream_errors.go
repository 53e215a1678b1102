package mllayer

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
)

// typedStream gives the errors of a stream their type. The end of a stream stays [io.EOF].
type typedStream struct {
	grpc.ClientStream
}

func openStream(ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn, method string,
	open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := open(ctx, description, connection, method, options...)
	if err != nil {
		return nil, toError(err)
	}
	return typedStream{stream}, nil
}

func (s typedStream) SendMsg(message any) error {
	return toStreamError(s.ClientStream.SendMsg(message))
}

func (s typedStream) RecvMsg(message any) error {
	return toStreamError(s.ClientStream.RecvMsg(message))
}

func toStreamError(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return toError(err)
}

package mllayer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// uploadChunkBytes is the size of one part of an upload; the service reads messages of 4 MiB.
const uploadChunkBytes = 1 << 20

// UploadModel registers a model whose file may be larger than one message. The header is that of RegisterModel without a source; the
// file is read twice, first for the SHA-256 that an upload must name. Without a deadline it has [RegistrationTimeout].
func (c *Client) UploadModel(ctx context.Context, header *mlv1.RegisterModelRequest, file io.ReadSeeker) (*mlv1.ModelVersion, error) {
	ctx, cancel := withDeadline(ctx, RegistrationTimeout)
	defer cancel()
	named, err := withDigest(header, file)
	if err != nil {
		return nil, err
	}
	upload, err := c.Registry().UploadModel(ctx)
	if err != nil {
		return nil, err
	}
	err = upload.Send(&mlv1.UploadModelRequest{Part: &mlv1.UploadModelRequest_Header{Header: named}})
	for err == nil {
		chunk := make([]byte, uploadChunkBytes)
		var size int
		size, err = file.Read(chunk)
		if size > 0 {
			part := &mlv1.UploadModelRequest{Part: &mlv1.UploadModelRequest_Chunk{Chunk: chunk[:size]}}
			err = errors.Join(upload.Send(part), err)
		}
	}
	// The end of the file, or of a stream that the service has ended: then receiving says why.
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	answer, err := upload.CloseAndRecv()
	return answer.GetModel(), err
}

func withDigest(header *mlv1.RegisterModelRequest, file io.ReadSeeker) (*mlv1.RegisterModelRequest, error) {
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	named := proto.CloneOf(header)
	if named.Metadata == nil {
		named.Metadata = &structpb.Struct{}
	}
	if named.Metadata.Fields == nil {
		named.Metadata.Fields = map[string]*structpb.Value{}
	}
	named.Metadata.Fields["sha256"] = structpb.NewStringValue(hex.EncodeToString(digest.Sum(nil)))
	return named, nil
}

/** The messages of gRPC on the wire: what comes before each of them, and how those are read that no direct way is for. */

import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { OverloadedError } from "../domain/errors.ts";
import type { DirectMethod, MessageLike, UnaryHandler } from "./service-binding.ts";

/** Flag and length before each message. */
export const prefixBytes = 5;
/** What is refused as too large may be smaller when it is sent again, not sooner. */
const oversizedRetryAfterMs = 60_000;
/** Fields we do not know are the caller's business; keeping them would cost a copy. */
const readOptions = { readUnknownFields: false } as const;
const writeOptions = { writeUnknownFields: false } as const;

/** A message as the general decoder reads it. Throws INVALID_ARGUMENT when it is malformed. */
export function decodeMessage(method: DescMethod, bytes: Buffer): Message {
  try {
    return fromBinary(method.input, bytes, readOptions);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw protocolError(Code.InvalidArgument, message);
  }
}

/** A message in its envelope. */
export function encodeMessage(method: DescMethod, answer: MessageLike): Buffer {
  const bytes = toBinary(method.output, create(method.output, answer), writeOptions);
  const frame = Buffer.allocUnsafe(prefixBytes + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, prefixBytes);
  return frame;
}

/** The way through messages that every unary method has. */
export function throughMessages(method: DescMethod, handler: UnaryHandler): DirectMethod<Message, MessageLike> {
  return {
    read: (bytes) => decodeMessage(method, bytes),
    handle: handler,
    write: (answer) => encodeMessage(method, answer),
  };
}

/** The one message of a unary request. Throws what the protocol says of anything else. */
export function unwrapMessage(body: Buffer, readMaxBytes: number): Buffer {
  if (body.length === 0)
    throw protocolError(Code.Unimplemented, "protocol error: missing input message for unary method");
  if (body.length < prefixBytes) throw protocolError(Code.InvalidArgument, "protocol error: incomplete envelope");
  if (body[0] !== 0) throw protocolError(Code.Internal, "received compressed message without a compression algorithm");
  const length = body.readUInt32BE(1);
  if (length > readMaxBytes) throw tooLarge(readMaxBytes);
  const end = prefixBytes + length;
  if (end > body.length) throw protocolError(Code.InvalidArgument, "protocol error: incomplete envelope");
  if (end < body.length)
    throw protocolError(Code.Unimplemented, "protocol error: received extra input message for unary method");
  return body.subarray(prefixBytes);
}

export function tooLarge(readMaxBytes: number): OverloadedError {
  return new OverloadedError(
    `message is larger than configured readMaxBytes ${readMaxBytes}`,
    oversizedRetryAfterMs,
    "MESSAGE_TOO_LARGE",
  );
}

export function protocolError(code: Code, message: string): ConnectError {
  return new ConnectError(message, code);
}

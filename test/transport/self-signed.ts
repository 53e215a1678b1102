/** A certificate for tests, made anew each time so that no key lies in the repository. */

import { generateKeyPairSync, sign } from "node:crypto";

/** One ASN.1 value in DER. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...derLength(body.length)]), body]);
}

/** As short as it can be: BoringSSL reads no other. */
function derLength(length: number): readonly number[] {
  if (length < 128) return [length];
  return length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);

const objectId = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));

/**
 * A self-signed certificate (X.509 v3, P-256) for localhost and 127.0.0.1, valid until 2049. The names stand in its
 * subjectAltName, which is all that Go and BoringSSL read.
 */
export function createSelfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const commonName = sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from("localhost")));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z")));
  const publicInfo = publicKey.export({ type: "spki", format: "der" });
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = der(0xa3, sequence(sequence(objectId(0x55, 0x1d, 0x11), der(0x04, names))));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const toBeSigned = sequence(version3, serial, ecdsaWithSha256, name, validity, name, publicInfo, extensions);
  const signature = der(0x03, Buffer.from([0]), sign("sha256", toBeSigned, privateKey));
  // BoringSSL reads no lines that are longer.
  const base64 = sequence(toBeSigned, ecdsaWithSha256, signature).toString("base64").replaceAll(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

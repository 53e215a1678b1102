/** A service with a models folder of its own, and everything an operator may ask of it. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Client, Metadata } from "@grpc/grpc-js";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService, type PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import {
  ModelRegistryService,
  type ModelVersion,
  ModelVersion_State,
  type RegisterModelRequestSchema,
  type UploadModelRequest,
  UploadModelRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { Outcome, Refusal } from "../contract/clients/contract-client.ts";
import { callUnary, openGrpcClient, refusalOf } from "../contract/clients/grpc-js-client.ts";
import { modelOf, readFixture } from "../registry/model-fixtures.ts";
import type { PredictRequestInit } from "../support/predict-requests.ts";
import { copyRuleModels } from "../support/rule-models.ts";
import { startTestService, type TestService, type TestServiceOptions } from "../support/start-service.ts";

export type ConfigPatch = MessageInitShape<typeof ConfigService.method.updateConfig.input>["config"];
type RegistrationInit = Exclude<MessageInitShape<typeof RegisterModelRequestSchema>, { $typeName: string }>;

/** Folders that outlive one run of a service. */
export interface GovernedFolders extends Disposable {
  readonly modelsDirectory: string;
  readonly configDirectory: string;
  readonly logDirectory: string;
}

export function createFolders(): GovernedFolders {
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-governed-"));
  const models = join(directory, "models");
  copyRuleModels(models);
  return {
    modelsDirectory: models,
    configDirectory: join(directory, "config"),
    logDirectory: join(directory, "logs"),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Asks one service over one connection. Methods answer, or throw what was refused; `try…` hand out both. */
export class Operator implements Disposable {
  readonly client: Client;

  constructor(port: number) {
    this.client = openGrpcClient(port);
  }

  try<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<Outcome<MessageShape<O>>> {
    return callUnary(this.client, method, create(method.input, request));
  }

  async ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const outcome = await this.try(method, request);
    if (outcome.refusal !== undefined) {
      throw new Error(`${method.name}: ${outcome.refusal.code}: ${outcome.refusal.message}`);
    }
    return outcome.answer;
  }

  /** What a call was refused with. */
  async refusal<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<Refusal> {
    const outcome = await this.try(method, request);
    if (outcome.refusal !== undefined) return outcome.refusal;
    throw new Error(`${method.name} was answered, not refused`);
  }

  predict(request: PredictRequestInit): Promise<PredictResponse> {
    return this.ask(InferenceService.method.predict, request);
  }

  async register(fixture: string, version = "", actor = "ada"): Promise<ModelVersion> {
    const { model } = await this.ask(
      ModelRegistryService.method.registerModel,
      toRegistration(fixture, version, actor),
    );
    return present(model);
  }

  async setAlias(modelName: string, version: string, alias: string): Promise<ModelVersion> {
    const request = { modelName, version, alias, actor: "ada" };
    return present((await this.ask(ModelRegistryService.method.setModelAlias, request)).model);
  }

  /** Hash of the configuration that the change leads to. */
  async configure(config: ConfigPatch): Promise<string> {
    const request = { config, actor: "ada", reason: "test" };
    return (await this.ask(ConfigService.method.updateConfig, request)).newConfigHash;
  }

  async configInForce() {
    return await this.ask(ConfigService.method.getConfig, {});
  }

  /** `signal_filter/v2.0.0` by its state, e.g. AVAILABLE. */
  async states(): Promise<ReadonlyMap<string, string>> {
    const { models } = await this.ask(ModelRegistryService.method.listModels, {});
    return new Map(models.map((each) => [`${each.modelName}/${each.version}`, nameOfState(each.state)]));
  }

  /** `signal_filter/v2.0.0` of what decides now. */
  async serving(): Promise<string[]> {
    const { models } = await this.ask(ModelRegistryService.method.listModels, {});
    return models.filter((each) => each.serving).map((each) => `${each.modelName}/${each.version}`);
  }

  /** Uploads in chunks by client streaming. */
  upload(header: RegistrationInit, bytes: Uint8Array, chunkBytes: number): Promise<Outcome<ModelVersion>> {
    return new Promise<Outcome<ModelVersion>>((resolve) => {
      const call = this.client.makeClientStreamRequest(
        `/${uploadMethod.parent.typeName}/${uploadMethod.name}`,
        (message: UploadModelRequest) => Buffer.from(toBinary(uploadMethod.input, message)),
        (answered) => fromBinary(uploadMethod.output, answered),
        new Metadata(),
        (error, answer) => {
          if (error !== null) resolve({ refusal: refusalOf(error) });
          else resolve({ answer: present(answer?.model) });
        },
      );
      call.on("error", () => undefined);
      call.write(create(UploadModelRequestSchema, { part: { case: "header", value: header } }));
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        const chunk = bytes.subarray(at, at + chunkBytes);
        call.write(create(UploadModelRequestSchema, { part: { case: "chunk", value: chunk } }));
      }
      call.end();
    });
  }

  [Symbol.dispose](): void {
    this.client.close();
  }
}

const uploadMethod = ModelRegistryService.method.uploadModel;

export function toRegistration(fixture: string, version = "", actor = "ada") {
  const { bytes } = readFixture(fixture);
  const metadata = metadataOf(fixture);
  return {
    modelName: modelOf(fixture),
    version,
    source: { case: "model", value: bytes },
    metadata,
    actor,
  } satisfies RegistrationInit;
}

/** A fixture's metadata as JSON. */
export function metadataOf(fixture: string): JsonObject {
  return JSON.parse(JSON.stringify(readFixture(fixture).metadata));
}

export function digestOf(fixture: string): string {
  return createHash("sha256").update(readFixture(fixture).bytes).digest("hex");
}

export interface GovernedService extends AsyncDisposable {
  readonly service: TestService;
  readonly url: string;
  readonly folders: GovernedFolders;
  readonly operator: Operator;
}

/** @param folders @default folders that go with the service */
export async function startGoverned(
  options: TestServiceOptions = {},
  folders?: GovernedFolders,
): Promise<GovernedService> {
  const own = folders ?? createFolders();
  const { modelsDirectory: models, configDirectory, logDirectory } = own;
  const environment = { modelsDirectory: models, configDirectory, logDirectory, ...options.environment };
  const service = await startTestService({ ...options, environment }).catch((error: unknown) => {
    if (folders === undefined) own[Symbol.dispose]();
    throw error;
  });
  const operator = new Operator(service.port);
  return {
    service,
    url: service.url,
    folders: own,
    operator,
    async [Symbol.asyncDispose]() {
      operator[Symbol.dispose]();
      await service[Symbol.asyncDispose]();
      if (folders === undefined) own[Symbol.dispose]();
    },
  };
}

/** Sends JSON; answers status and body. */
export async function sendJson(method: string, url: string, body?: unknown) {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(url, { method, ...init });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

function nameOfState(state: ModelVersion_State): string {
  return Object.entries(ModelVersion_State).find(([, value]) => value === state)?.[0] ?? `state ${state}`;
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the answer lacks what it must hold");
  return value;
}

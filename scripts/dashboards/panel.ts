/** Panels in the few forms that the dashboards use; each tells its unit, its legend, its limits and what it means. */

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  MappingType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as HeatmapPanelBuilder, YAxisConfigBuilder } from "@grafana/grafana-foundation-sdk/heatmap";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimelinePanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** Whichever Prometheus is chosen at the top. */
export const dataSource = { type: "prometheus", uid: "$" + "{datasource}" };

/** What is drawn and how each series is called. */
export type Query = readonly [expression: string, legend: string];

/** From which value on a colour holds. */
export type Limit = readonly [from: number, color: "green" | "yellow" | "orange" | "red"];

export interface PanelOptions {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Ascending; below the first one all is well. */
  readonly limits?: readonly Limit[];
  /** Colour below the first limit. @default "green" */
  readonly base?: "green" | "red";
  readonly min?: number;
  readonly max?: number;
  /** How values read, e.g. `{ 1: ["ready", "green"] }`. */
  readonly words?: Readonly<Record<string, readonly [text: string, color: string]>>;
  /** Of 24. */
  readonly width?: number;
}

export interface PanelForm extends Builder<Panel> {
  id(id: number): PanelForm;
}

interface Styled {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  min(min: number): this;
  max(max: number): this;
  datasource(source: typeof dataSource): this;
  span(width: number): this;
  height(height: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: Builder<ReturnType<ThresholdsConfigBuilder["build"]>>): this;
  withTarget(target: DataqueryBuilder): this;
}

/** The current value, large. */
export function createStat(options: PanelOptions): PanelForm {
  const panel = style(new StatPanelBuilder(), { width: 4, ...options }, 4);
  panel
    .colorMode(BigValueColorMode.Value)
    .graphMode(options.words === undefined ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
  return addQueries(panel, options.queries);
}

/** Lines over time. */
export function createLines(options: PanelOptions): PanelForm {
  return addQueries(drawLines(options), options.queries);
}

/** Areas upon one another, as shares of a whole or as amounts. */
export function createStack(options: PanelOptions): PanelForm {
  const stacking = new StackingConfigBuilder().mode(StackingMode.Normal).group("A");
  return addQueries(drawLines(options).stacking(stacking).fillOpacity(40), options.queries);
}

/** How the observations of a histogram spread over its buckets. */
export function createHeatmap(options: PanelOptions): PanelForm {
  const panel = style(new HeatmapPanelBuilder(), options, 8)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(options.unit));
  for (const query of options.queries) panel.withTarget(createTarget(query, 0).format(PromQueryFormat.Heatmap));
  return panel;
}

/** A row of coloured states for each series. */
export function createTimeline(options: PanelOptions): PanelForm {
  const panel = style(new TimelinePanelBuilder(), options, 8)
    .showValue(VisibilityMode.Never)
    .legend(createLegend(LegendDisplayMode.List));
  return addQueries(panel, options.queries);
}

/** The labels of series as they are now, without those that say where they were scraped. */
export function createLabelTable(options: PanelOptions, hidden: readonly string[] = []): PanelForm {
  const panel = style(new TablePanelBuilder(), options, 8).withTransformation({
    id: "organize",
    options: { excludeByName: Object.fromEntries(["Time", "__name__", "job", ...hidden].map((name) => [name, true])) },
  });
  options.queries.forEach((query, place) => {
    panel.withTarget(createTarget(query, place).format(PromQueryFormat.Table).instant());
  });
  return panel;
}

function drawLines(options: PanelOptions): TimeseriesPanelBuilder {
  const limits = new GraphThresholdsStyleConfigBuilder().mode(
    options.limits === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
  );
  return style(new TimeseriesPanelBuilder(), options, 8)
    .thresholdsStyle(limits)
    .fillOpacity(8)
    .lineWidth(1)
    .showPoints(VisibilityMode.Never)
    .legend(createLegend(LegendDisplayMode.Table))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

function createLegend(mode: LegendDisplayMode): VizLegendOptionsBuilder {
  const calcs = mode === LegendDisplayMode.Table ? ["lastNotNull", "max"] : [];
  return new VizLegendOptionsBuilder()
    .displayMode(mode)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(calcs);
}

function style<P extends Styled>(panel: P, options: PanelOptions, height: number): P {
  const { title, description, unit, limits = [], base = "green", min, max, words = {}, width = 12 } = options;
  const steps: Threshold[] = [{ value: null, color: base }, ...limits.map(([value, color]) => ({ value, color }))];
  panel
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(dataSource)
    .span(width)
    .height(height)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  const texts = Object.entries(words).map(([value, [text, color]]) => [value, { text, color }] as const);
  if (texts.length > 0) panel.mappings([{ type: MappingType.ValueToText, options: Object.fromEntries(texts) }]);
  return panel;
}

function addQueries<P extends Styled>(panel: P, queries: readonly Query[]): P {
  queries.forEach((query, place) => {
    panel.withTarget(createTarget(query, place));
  });
  return panel;
}

function createTarget([expression, legend]: Query, place: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode("A".charCodeAt(0) + place))
    .datasource(dataSource)
    .expr(expression)
    .legendFormat(legend);
}

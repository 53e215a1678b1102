/** What all dashboards share: the variables at the top, the time range, the links between them. */

import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dataSource, type PanelForm } from "./panel.ts";

const tag = "ml-layer";

export interface Section {
  readonly title: string;
  readonly panels: readonly PanelForm[];
}

export interface DashboardOptions {
  /** Ends the address of the dashboard, which bookmarks hold. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly sections: readonly Section[];
}

export function createDashboard({ name, title, description, sections }: DashboardOptions): Dashboard {
  const dashboard = new DashboardBuilder(`ML layer / ${title}`)
    .uid(`${tag}-${name}`)
    .description(description)
    .tags([tag])
    .timezone("utc")
    .time({ from: "now-1h", to: "now" })
    .refresh("15s")
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"))
    .withVariable(createLabelVariable("job", "ml_layer_build_info"))
    .withVariable(createLabelVariable("instance", 'ml_layer_build_info{job=~"$job"}'))
    .link(
      new DashboardLinkBuilder("ML layer")
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .includeVars(true)
        .keepTime(true),
    );
  let id = 0;
  for (const section of sections) {
    dashboard.withRow(new RowBuilder(section.title).id(++id));
    for (const panel of section.panels) dashboard.withPanel(panel.id(++id));
  }
  return dashboard.build();
}

/** Every value of a label, all of them chosen. */
function createLabelVariable(label: string, series: string): QueryVariableBuilder {
  return new QueryVariableBuilder(label)
    .label(label)
    .datasource(dataSource)
    .query(`label_values(${series}, ${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

// Where a household's energy came from and went, in one picture: panels above, the house in the middle, neighbours on one side and
// the supplier on the other.

import { House, SolarPanel, Users, UtilityPole } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { DataTable } from "../ui";
import { useWidth } from "../ui/use-width";
import type { Flows } from "../bill/account";

const HEIGHT = 250;
const WIDEST = 620;
const TOP = 52;
const MIDDLE = 186;
const RADIUS = 40;
/** Of a line: with nothing on it, and at most. */
const [THIN, THICK] = [2, 15];

type FlowName = keyof Flows;

export function FlowPicture({ flows }: { flows: Flows }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [box, width] = useWidth<HTMLDivElement>();
  const wide = Math.min(width, WIDEST);
  const [left, centre, right] = [RADIUS + 8, wide / 2, wide - RADIUS - 8];
  const most = Math.max(...Object.values(flows), 1);
  const lines: Record<FlowName, string> = {
    own: `M${centre} ${TOP + RADIUS} V${MIDDLE - RADIUS}`,
    fromNeighbours: `M${left + RADIUS} ${MIDDLE} H${centre - RADIUS}`,
    fromSupplier: `M${right - RADIUS} ${MIDDLE} H${centre + RADIUS}`,
    toNeighbours: `M${centre - RADIUS} ${TOP} Q${left} ${TOP} ${left} ${MIDDLE - RADIUS}`,
    toSupplier: `M${centre + RADIUS} ${TOP} Q${right} ${TOP} ${right} ${MIDDLE - RADIUS}`,
  };
  const energy = (name: FlowName) => formats.energy(flows[name]);
  const names = Object.keys(lines) as FlowName[];
  const told = names.map((name) => t(`flow.${name}`, { energy: energy(name) })).join(" ");
  return (
    <div className="flow" ref={box}>
      {width > 0 && (
        <svg width={wide} height={HEIGHT} role="img" aria-label={told}>
          {names.map((name) => (
            <g
              key={name}
              className={`flow__line flow__line--${name}`}
              data-empty={flows[name] === 0}
            >
              <path
                d={lines[name]}
                strokeWidth={
                  flows[name] === 0 ? THIN : THIN + ((THICK - THIN) * flows[name]) / most
                }
              />
              {flows[name] > 0 && <path className="flow__moving" d={lines[name]} />}
            </g>
          ))}
          <Node kind="panels" x={centre} y={TOP} icon={SolarPanel} />
          <Node kind="neighbours" x={left} y={MIDDLE} icon={Users} />
          <Node kind="house" x={centre} y={MIDDLE} icon={House} />
          <Node kind="supplier" x={right} y={MIDDLE} icon={UtilityPole} />
        </svg>
      )}
      <dl className="flow__numbers" style={{ maxWidth: WIDEST }}>
        <div>
          <dt>{t("flow.neighbours")}</dt>
          <dd className="flow__in">{t("flow.gave", { energy: energy("fromNeighbours") })}</dd>
          <dd className="flow__out">{t("flow.got", { energy: energy("toNeighbours") })}</dd>
        </div>
        <div>
          <dt>{t("flow.house")}</dt>
          <dd className="flow__in">
            {t("flow.drew", {
              energy: formats.energy(flows.fromNeighbours + flows.fromSupplier + flows.own),
            })}
          </dd>
          <dd className="flow__out">
            {t("flow.fedIn", {
              energy: formats.energy(flows.toNeighbours + flows.toSupplier + flows.own),
            })}
          </dd>
        </div>
        <div>
          <dt>{t("flow.supplier")}</dt>
          <dd className="flow__in">{t("flow.gave", { energy: energy("fromSupplier") })}</dd>
          <dd className="flow__out">{t("flow.got", { energy: energy("toSupplier") })}</dd>
        </div>
      </dl>
      <DataTable
        summary={t("chart.table")}
        caption={t("flowTable.caption")}
        columns={[t("flowTable.way"), t("flowTable.energy")]}
        rows={names.map((name) => [t(`flowTable.${name}`), energy(name)])}
      />
    </div>
  );
}

function Node(props: { kind: string; x: number; y: number; icon: typeof House }) {
  const { kind, x, y, icon: Icon } = props;
  return (
    <g className={`flow__node flow__node--${kind}`}>
      <circle cx={x} cy={y} r={RADIUS} />
      <Icon x={x - 17} y={y - 17} width={34} height={34} strokeWidth={1.8} aria-hidden />
    </g>
  );
}

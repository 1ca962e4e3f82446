// Who holds which office, and what the connected wallet may do.

import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useMarket } from "../../chain/market-context";
import { useCommunity } from "../../market/community";
import { Card } from "../../ui";
import { short } from "../../wallet/short";
import { OFFICES, officesOf, type Access, type Office } from "../access";
import {
  mayApprove,
  mayPost,
  mayQuarantine,
  mayRelease,
  mayRetireAlone,
  maySuspend,
  mayVerify,
} from "../may";
import { ownersOf, useLedger, useParticipants } from "../queries";

/** Nobody's: rules about a meter of one's own are told where there is one. */
const SOMEBODY = { participant: -1, keyCopied: 0 };

export function Offices({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { parameters } = useMarket();
  const { data: participants } = useParticipants();
  const { data: community } = useCommunity();
  const { data: ledger } = useLedger();
  const owners = ownersOf(participants);
  const supplier = ledger?.suppliers[ledger.supplying]?.seat;
  const wallets = (office: Office): readonly string[] => {
    if (office === "authority") return community ? [community.authority] : [];
    if (office === "supplier") {
      const wallet = supplier === undefined ? undefined : owners.get(supplier)?.wallet;
      return wallet ? [wallet] : [];
    }
    return (participants ?? [])
      .filter((each) => officesOf(each).includes(office))
      .map(({ wallet }) => wallet);
  };
  const gridOperator = owners.get(parameters.gridOperator)?.wallet;
  return (
    <div className="desk__pair">
      <Card title={t("desk.offices.title")}>
        <dl className="offices">
          {OFFICES.map((office) => (
            <div key={office}>
              <dt>
                {t(`desk.office.${office}`)}
                <span className="quiet small">{t(`desk.offices.does.${office}`)}</span>
              </dt>
              <dd>
                <Holders wallets={wallets(office)} own={access.wallet} />
              </dd>
            </div>
          ))}
          <div>
            <dt>
              {t("desk.offices.gridOperator")}
              <span className="quiet small">{t("desk.offices.does.gridOperator")}</span>
            </dt>
            <dd>
              <Holders wallets={gridOperator ? [gridOperator] : []} own={access.wallet} />
            </dd>
          </div>
        </dl>
      </Card>
      <YourPowers access={access} />
    </div>
  );
}

function Holders({ wallets, own }: { wallets: readonly string[]; own: string }) {
  const { t } = useTranslation();
  if (wallets.length === 0) return <span className="quiet">{t("desk.offices.nobody")}</span>;
  return wallets.map((wallet) => (
    <span key={wallet} className="offices__holder">
      <code title={wallet}>{short(wallet)}</code>
      {wallet === own && <strong>{t("desk.offices.you")}</strong>}
    </span>
  ));
}

function YourPowers({ access }: { access: Access }) {
  const { t } = useTranslation();
  const { data: community } = useCommunity();
  if (!community) return null;
  const powers = [
    ["approve", mayApprove(access, community, 0)],
    ["suspend", maySuspend(access, 0)],
    ["register", mayVerify(access, SOMEBODY.participant)],
    ["quarantine", mayQuarantine(access)],
    ["release", mayRelease(access, SOMEBODY)],
    ["retire", mayRetireAlone(access)],
    ["post", mayPost(access)],
  ] as const;
  return (
    <Card title={t("desk.powers.title")}>
      <ul className="powers">
        {powers.map(([power, refused]) => (
          <li key={power} data-may={refused === undefined}>
            {refused ? <X size={18} aria-hidden /> : <Check size={18} aria-hidden />}
            <span>
              {t(`desk.powers.${power}`)}
              <span className="quiet small">
                {refused ? t(`desk.not.${refused}`) : t("desk.powers.yes")}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

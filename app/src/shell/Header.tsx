// Whose page it is, where one can go, and how it is shown.

import {
  ChartNoAxesColumn,
  ClipboardCheck,
  House,
  Languages,
  Moon,
  ReceiptText,
  Sun,
  SunMoon,
  TrendingUpDown,
  Wallet,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useRoute } from "wouter";

import { useWallet } from "../wallet/context";
import { useHasOffice } from "../operator/access";
import { chooseLanguage, LANGUAGES } from "../language";
import { THEMES, useTheme, type Theme } from "../theme/use-theme";
import { WalletMenu } from "../wallet/WalletMenu";

const PAGES = [
  { path: "/today", name: "today", Icon: House },
  { path: "/market", name: "market", Icon: ChartNoAxesColumn },
  { path: "/trade", name: "trade", Icon: TrendingUpDown },
  { path: "/money", name: "money", Icon: Wallet },
  { path: "/bill", name: "bill", Icon: ReceiptText },
] as const;
const DESK = { path: "/desk", name: "desk", Icon: ClipboardCheck } as const;

type Page = (typeof PAGES)[number] | typeof DESK;

export function Header({ community }: { community: string | undefined }) {
  const { t } = useTranslation();
  const { account } = useWallet();
  const hasOffice = useHasOffice();
  return (
    <header className="header">
      <Link href={account ? "/today" : "/market"} className="header__brand">
        <img src="/icon.svg" alt="" width="36" height="36" />
        <span>
          <strong>Joulebook</strong>
          {community && <span className="header__community">{community}</span>}
        </span>
      </Link>
      {account && (
        <nav className="nav" aria-label={t("nav.label")}>
          {[...PAGES, ...(hasOffice ? [DESK] : [])].map((page) => (
            <NavLink key={page.name} {...page} />
          ))}
        </nav>
      )}
      <div className="header__tools">
        <LanguageChoice />
        <ThemeButton />
        <WalletMenu />
      </div>
    </header>
  );
}

function NavLink({ path, name, Icon }: Page) {
  const { t } = useTranslation();
  const [isHere] = useRoute(`${path}/*?`);
  return (
    <Link href={path} className="nav__link" aria-current={isHere ? "page" : undefined}>
      <Icon size={20} aria-hidden />
      <span>{t(`nav.${name}`)}</span>
    </Link>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <label className="tool tool--select">
      <Languages size={18} aria-hidden />
      <span className="hidden-but-read">{t("tool.language")}</span>
      <select value={i18n.language} onChange={({ target }) => void chooseLanguage(target.value)}>
        {LANGUAGES.map(({ tag, name }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const ICONS: Record<Theme, typeof Sun> = { system: SunMoon, light: Sun, dark: Moon };

function ThemeButton() {
  const { t } = useTranslation();
  const [theme, choose] = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="tool"
      onClick={() => choose(next)}
      aria-label={t("tool.theme", { theme: t(`theme.${theme}`) })}
      title={t("tool.theme", { theme: t(`theme.${theme}`) })}
    >
      <Icon size={18} aria-hidden />
    </button>
  );
}

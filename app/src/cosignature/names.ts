// What a meter measures, and where what it feeds in comes from, by name.

import { oracle } from "@joulebook/client";

const AssetKind = oracle.AssetKind;
const EnergySource = oracle.EnergySource;

export const ASSETS = {
  mixed: AssetKind.Mixed,
  load: AssetKind.Load,
  photovoltaics: AssetKind.Photovoltaics,
  battery: AssetKind.Battery,
  car: AssetKind.Car,
  heatPump: AssetKind.HeatPump,
} as const;
export type AssetName = keyof typeof ASSETS;

export const SOURCES = {
  sun: EnergySource.Sun,
  wind: EnergySource.Wind,
  water: EnergySource.Water,
  biomass: EnergySource.Biomass,
  storage: EnergySource.Storage,
  other: EnergySource.Other,
  none: EnergySource.None,
} as const;
export type SourceName = keyof typeof SOURCES;

/** Undefined for a number that is none of these. */
export const assetName = (kind: number) =>
  (Object.keys(ASSETS) as AssetName[]).find((name) => (ASSETS[name] as number) === kind);
export const sourceName = (source: number) =>
  (Object.keys(SOURCES) as SourceName[]).find((name) => (SOURCES[name] as number) === source);

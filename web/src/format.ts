const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Digits with a comma between thousands. */
export function grouped(number: number, decimals = 0): string {
  return number.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Bytes with the unit, e.g. 9.25 GiB; what would read 0.00 GiB is told in MiB. */
export function gib(bytes: number): string {
  if (bytes === 0 || Math.abs(bytes / GIB) >= 0.01) {
    return `${gibNumber(bytes)} GiB`;
  }
  const mib = bytes / MIB;
  return Math.abs(mib) < 0.05 ? "<0.1 MiB" : `${grouped(mib, 1)} MiB`;
}

/** GiB of bytes, without the unit. */
export function gibNumber(bytes: number): string {
  return grouped(bytes / GIB, 2);
}

/** The size of a card, e.g. 24.0 GiB. */
export function card(bytes: number): string {
  return `${grouped(bytes / GIB, 1)} GiB`;
}

/** Both ends of a range with one unit. */
export function gibRange(low: number, high: number): string {
  return `${gibNumber(low)} to ${gib(high)}`;
}

/** A share of a whole, e.g. 58.2 %. */
export function percent(part: number, whole: number): string {
  return `${grouped((100 * part) / whole, 1)} %`;
}

/** Dollars to a cent, and to a dollar where a thousand are reached. */
export function dollars(usd: number): string {
  if (usd >= 1000) {
    return `$${grouped(usd)}`;
  }
  return usd > 0 && usd < 0.01 ? "<$0.01" : `$${grouped(usd, 2)}`;
}

/** A duration in the unit that leaves one to three digits before the point. */
export function duration(seconds: number): string {
  if (seconds < 120) {
    return `${grouped(seconds, 2)} s`;
  }
  if (seconds < 7200) {
    return `${grouped(seconds / 60, 1)} min`;
  }
  if (seconds < 4 * 86_400) {
    return `${grouped(seconds / 3600, 1)} h`;
  }
  return `${grouped(seconds / 86_400, 1)} days`;
}

/** A count of parameters, e.g. 8.0 B. */
export function parameters(count: number): string {
  if (count >= 1e12) {
    return `${grouped(count / 1e12, 2)} T`;
  }
  return count >= 1e9 ? `${grouped(count / 1e9, 1)} B` : `${grouped(count / 1e6)} M`;
}

/** The age of prices, in days up to two months. */
export function age(least: number, most: number, orMore: boolean): string {
  const unit = most > 60 ? 30.4 : 1;
  const [low, high] = [Math.round(least / unit), Math.round(most / unit)];
  const name = unit === 1 ? "days" : "months";
  if (low === high) {
    return `${orMore ? "at least " : ""}${low} ${name}`;
  }
  return `${low} to ${high} ${name}${orMore ? " or more" : ""}`;
}

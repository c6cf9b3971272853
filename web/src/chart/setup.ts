import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from "chart.js";
import annotation from "chartjs-plugin-annotation";

/** Registers the parts of the chart library that are used, so that others are left out. */
export function setUpCharts(): void {
  Chart.register(
    BarController,
    BarElement,
    CategoryScale,
    Filler,
    LinearScale,
    LineController,
    LineElement,
    LogarithmicScale,
    PointElement,
    ScatterController,
    Tooltip,
    annotation,
  );
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
}

/** Colours that were asked for since they last changed; to ask a browser takes a layout each. */
const known = new Map<string, string>();

/** Says that light has become dark, or the other way round. */
export function forgetColors(): void {
  known.clear();
}

/** The present value of a colour of the style sheet, e.g. ink, or part-weights. */
export function color(name: string): string {
  const found = known.get(name) ?? read(name);
  known.set(name, found);
  return found;
}

function read(name: string): string {
  const probe = document.createElement("span");
  probe.className = `probe of-${name}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).backgroundColor;
  probe.remove();
  return value;
}

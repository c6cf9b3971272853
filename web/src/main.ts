import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./style/base.css";
import "./style/knobs.css";
import "./style/answer.css";
import { App } from "./app.ts";
import { setUpCharts } from "./chart/setup.ts";

setUpCharts();
await new App().start();

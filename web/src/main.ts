import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./style/base.css";
import "./style/knobs.css";
import "./style/answer.css";
import { App } from "./app.ts";
import { setUpCharts } from "./chart/setup.ts";
import { watchTyping } from "./typing.ts";

setUpCharts();
watchTyping();
await new App().start();

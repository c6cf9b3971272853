import { byId } from "./dom.ts";

/** Links to the answer move the focus only: what stands behind the # is the state. */
export function setUpJumps(): void {
  for (const link of document.querySelectorAll("a[href='#verdict']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      byId("verdict").scrollIntoView();
      byId("verdict").focus();
    });
  }
}

package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Measures how long it takes from a change of a knob to the redrawn bar, verdict and timeline; no
 * name of a test, since what a clock says of a busy machine is no mistake of the page.
 */
class UpdateTimes extends PageTest {

  private static final int WARM_UP = 20;
  private static final int CHANGES = 40;

  /** Each job is new to the server. */
  @Test
  void from_a_change_to_the_charts() {
    open(FITS);
    settleAll();
    change(WARM_UP, 1_000);
    page.evaluate("performance.clearMeasures()");
    change(CHANGES, 2_000);
    @SuppressWarnings("unchecked") // numbers come as Integer or Double
    List<Number> millis =
        (List<Number>)
            page.evaluate(
                "performance.getEntriesByName('vramcast updated').map((entry) => entry.duration)");
    assertThat(millis).hasSize(CHANGES);
    double[] sorted = millis.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "vramcast: from a change to the charts %.0f ms (median), %.0f ms (p90), load %.1f%n",
        sorted[CHANGES / 2],
        sorted[CHANGES * 9 / 10],
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void change(int times, int from) {
    Locator length = number("batch.sequence_length");
    for (int iteration = 0; iteration < times; iteration++) {
      length.fill(String.valueOf(from + 16 * iteration));
      length.press("Enter");
      settle();
    }
  }
}

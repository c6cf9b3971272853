package dev.vramcast.answers.memory;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.TimeEstimate;
import java.util.ArrayList;
import java.util.List;

/** What the comment of a written file says of the estimate. */
public final class FileFacts {

  private FileFacts() {}

  /** One line on memory, and one on time where a GPU is named. */
  public static List<String> lines(EstimateReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(memory(report));
    report
        .time()
        .map(time -> "Time: " + Spans.text(time.step()) + " a step" + speed(time))
        .ifPresent(lines::add);
    return lines;
  }

  private static String memory(EstimateReport report) {
    ExpectedMemory expected = report.expected();
    String ends = RangeLines.ends(expected.needed());
    String line =
        "Estimate: needs "
            + Gib.text(expected.needed().bytes())
            + (ends.isEmpty() ? "" : " (" + ends + ")")
            + (report.resolution().job().parallelism().gpus() > 1 ? " on each GPU" : "");
    return report.gpu().map(gpu -> line + of(gpu)).orElse(line);
  }

  private static String of(Gpu gpu) {
    return " of the " + Gib.card(gpu.allocatableBytes()) + " of " + gpu.name();
  }

  private static String speed(TimeEstimate time) {
    return ", " + Gib.grouped(Math.round(time.tokensPerSecond())) + " tokens/s";
  }
}

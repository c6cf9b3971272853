package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Counts;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeParts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What an estimate for people says about time. */
public final class TimeLines {

  /** Parts of a step that are named. */
  private static final int LARGEST = 3;

  private static final double NANOS = 1e9;

  private TimeLines() {}

  public static void add(EstimateReport report, Terminal terminal, Sections sections) {
    report
        .time()
        .ifPresent(
            time -> {
              sections.title("Time");
              sections.add(lines(time, report, terminal).lines());
            });
  }

  private static Grid lines(TimeEstimate time, EstimateReport report, Terminal terminal) {
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    SpeedRange range = time.throughput().range();
    grid.row(
        Cell.plain("Speed"),
        Cell.bold(count(time.tokensPerSecond()) + " tokens/s"),
        Cell.plain(count(range.low()) + " to " + count(range.high())),
        Cell.dim(perGpu(time)));
    grid.row(
        Cell.plain("Step"),
        Cell.plain(Spans.text(time.step())),
        Cell.plain(count(time.tokensPerStep()) + " tokens"),
        Cell.dim(largest(time)));
    report.run().ifPresent(run -> run(grid, run));
    return grid;
  }

  private static String perGpu(TimeEstimate time) {
    String mfu = "MFU " + Gib.rounded(100 * time.throughput().modelFlopsUtilization(), 0) + " %";
    return time.throughput().gpus() == 1
        ? mfu
        : count(time.throughput().tokensPerSecondPerGpu()) + " tokens/s each GPU, " + mfu;
  }

  private static void run(Grid grid, RunEstimate run) {
    grid.row(
        Cell.plain("Run"),
        Cell.bold(Spans.text(run.total())),
        Cell.plain(Spans.text(run.low()) + " to " + Spans.text(run.high())),
        Cell.dim(
            Counts.tokens(run.tokens())
                + " tokens in "
                + count(run.steps())
                + " steps, with "
                + Spans.text(run.total().minus(run.training()))
                + " beside"));
  }

  private static String largest(TimeEstimate time) {
    double step = seconds(time.step());
    return parts(time.parts()).entrySet().stream()
        .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
        .limit(LARGEST)
        .filter(part -> !part.getValue().isZero())
        .map(part -> part.getKey() + " " + percent(seconds(part.getValue()) / step))
        .collect(Collectors.joining(", "));
  }

  /** The parts of a step under their names. */
  public static Map<String, Duration> parts(TimeParts parts) {
    Map<String, Duration> named = new LinkedHashMap<>();
    named.put("linear", parts.kernels().linear());
    named.put("head", parts.kernels().head());
    named.put("attention", parts.kernels().attention());
    named.put("memory bound", parts.kernels().memoryBound());
    named.put("dequantisation", parts.kernels().dequantisation());
    named.put("vision tower", parts.kernels().tower());
    named.put("launch", parts.launch());
    named.put("communication", parts.communication());
    named.put("optimizer", parts.optimizer());
    named.put("experts", parts.experts());
    named.put("generation", parts.generation());
    named.put("parallelism", parts.parallelism());
    return named;
  }

  private static String percent(double share) {
    return Gib.rounded(100 * share, 0) + " %";
  }

  private static double seconds(Duration time) {
    return time.getSeconds() + time.getNano() / NANOS;
  }

  private static String count(double number) {
    return Gib.grouped(Math.round(number));
  }
}

package dev.tunefit.cli.command;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.report.CorrectedFigures;
import dev.tunefit.answers.report.CorrectionJson;
import dev.tunefit.answers.report.EstimateJson;
import dev.tunefit.answers.report.EstimateReport;
import dev.tunefit.answers.report.EstimateTable;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.answers.report.TimelineJson;
import dev.tunefit.answers.request.Corrections;
import dev.tunefit.answers.request.RuleRequest;
import dev.tunefit.answers.request.RunFlags;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.cli.chart.EstimateChart;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.time.RunExtras;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit estimate}: the peak memory of one training step, why, and how long it takes. */
public final class EstimateCommand implements Command {

  private static final String EXPLAIN = "--explain";
  private static final String RANKS = "--ranks";
  private static final String CHART = "--chart";
  private static final String TIMELINE = "--timeline";

  @Override
  public String name() {
    return "estimate";
  }

  @Override
  public String summary() {
    return "Estimate peak memory and time of a training step, and show what they are made of.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    spec.addOption(Options.flag(EXPLAIN, "Show every setting with its reason, and every tensor."));
    spec.addOption(
        Options.flag(RANKS, "Show every kind of rank, not only the one that needs most."));
    spec.addOption(Options.text(CHART, "FILE", "Draw the estimate and the step as SVG."));
    spec.addOption(
        Options.flag(TIMELINE, "With --format json: the memory of the step, state by state."));
    spec.addOption(
        Options.text(
            RuleRequest.PARAMS,
            "SIZE",
            "Only the size is known, as in 7B: answer by a rule of thumb."));
    spec.addOption(
        Options.text(
            RuleRequest.ACTIVE_PARAMS, "SIZE", "Parameters that a token visits, with --params."));
    spec.addOption(
        Options.text(
            RunFlags.EVAL_TOKENS, "COUNT", "Tokens of all evaluations during the run together."));
    spec.addOption(
        Options.text(RunFlags.SAVES, "COUNT", "Checkpoints that are written; 1 without this."));
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit estimate --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  tunefit estimate --model ./my-model --method lora --rank 64 --micro-batch 4",
            "  tunefit estimate job.yaml --sequence-length 8192 --format json",
            "  tunefit estimate job.yaml --gpu a100-80gb --chart step.svg",
            "  tunefit estimate job.yaml --count 8 --strategy fsdp2 --ranks",
            "  tunefit estimate --params 7B --method qlora");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    boolean timeline = arguments.hasMatchedOption(TIMELINE);
    if (timeline && format != OutputFormat.JSON) {
      throw new InputException(
          TIMELINE + " needs --format json; " + CHART + " draws the step for people");
    }
    Optional<OutputFile> chart = Options.value(arguments, CHART).map(OutputFile::of);
    JobDocument document = JobArguments.document(arguments);
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    Optional<String> size = Options.value(arguments, RuleRequest.PARAMS);
    Optional<String> active = Options.value(arguments, RuleRequest.ACTIVE_PARAMS);
    if (size.isPresent()) {
      refuse(chart.isPresent(), CHART);
      refuse(timeline, TIMELINE);
      return format.print(new RuleRequest(document, size.get(), active, gpus).report(), console);
    }
    refuse(active.isPresent(), RuleRequest.ACTIVE_PARAMS);
    EstimateReport report =
        JobArguments.request(arguments, document, gpus).report(extras(arguments));
    chart.ifPresent(target -> target.write(EstimateChart.svg(report)));
    return print(report, format, arguments, console);
  }

  private static RunExtras extras(ParseResult arguments) {
    return RunFlags.read(
        Options.value(arguments, RunFlags.EVAL_TOKENS), Options.value(arguments, RunFlags.SAVES));
  }

  private static void refuse(boolean given, String option) {
    if (given) {
      throw new InputException(
          option.equals(RuleRequest.ACTIVE_PARAMS)
              ? option + " needs " + RuleRequest.PARAMS
              : option + " draws an estimate, but " + RuleRequest.PARAMS + " gives none");
    }
  }

  private static int print(
      EstimateReport report, OutputFormat format, ParseResult arguments, Console console) {
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Architecture architecture = report.model().architecture();
    ResolvedJob job = report.resolution().job();
    Optional<CorrectedFigures> corrected =
        corrections
            .find(architecture, job, report.gpu())
            .map(saved -> CorrectedFigures.of(report, saved));
    if (format == OutputFormat.JSON) {
      Map<String, Object> json = EstimateJson.of(report, Version.current());
      if (arguments.hasMatchedOption(TIMELINE)) {
        json.put("timeline", TimelineJson.of(report));
      }
      corrected.ifPresent(figures -> json.put("correction", CorrectionJson.of(figures)));
      console.print(JsonText.of(json));
    } else {
      report.warnings().forEach(console::warn);
      corrections.outdated(architecture, job, report.gpu()).ifPresent(console::warn);
      boolean explain = arguments.hasMatchedOption(EXPLAIN);
      boolean ranks = arguments.hasMatchedOption(RANKS);
      console.print(EstimateTable.lines(report, console.terminal(), explain, ranks, corrected));
    }
    return ExitCode.OK;
  }
}

package dev.tunefit.cli.command;

import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.cli.chart.EstimateChart;
import dev.tunefit.cli.report.EstimateJson;
import dev.tunefit.cli.report.EstimateReport;
import dev.tunefit.cli.report.EstimateTable;
import dev.tunefit.cli.report.JsonText;
import dev.tunefit.cli.report.RuleReport;
import dev.tunefit.cli.request.EstimateRequest;
import dev.tunefit.cli.request.JobFile;
import dev.tunefit.cli.request.JobFlags;
import dev.tunefit.cli.request.RuleRequest;
import dev.tunefit.cli.request.RunFlags;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit estimate}: the peak memory of one training step, why, and how long it takes. */
public final class EstimateCommand implements Command {

  private static final String EXPLAIN = "--explain";
  private static final String CHART = "--chart";
  private static final String OFFLINE = "--offline";
  private static final String REVISION = "--revision";

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
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .type(String.class)
            .paramLabel("JOB_FILE")
            .description("A job document in YAML or JSON; flags win over it.")
            .build());
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(EXPLAIN, "Show every setting with its reason, and every tensor."));
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.addOption(
        Options.text(REVISION, "NAME", "Branch, tag or commit of the model on the Hub."));
    spec.addOption(Options.text(CHART, "FILE", "Draw the estimate and the step as SVG."));
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
    JobFlags.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit estimate --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  tunefit estimate --model ./my-model --method lora --rank 64 --micro-batch 4",
            "  tunefit estimate job.yaml --sequence-length 8192 --format json",
            "  tunefit estimate job.yaml --gpu a100-80gb --chart step.svg",
            "  tunefit estimate --params 7B --method qlora");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<OutputFile> chart = Options.value(arguments, CHART).map(OutputFile::of);
    Optional<Path> file =
        Optional.ofNullable(arguments.<String>matchedPositionalValue(0, null)).map(Paths::of);
    JobDocument document = file.map(JobFile::read).orElseGet(JobDocument::empty);
    document = document.with(JobFlags.read(arguments));
    Optional<String> size = Options.value(arguments, RuleRequest.PARAMS);
    Optional<String> active = Options.value(arguments, RuleRequest.ACTIVE_PARAMS);
    if (size.isPresent()) {
      refuse(chart.isPresent(), CHART);
      return print(new RuleRequest(document, size.get(), active).report(), format, console);
    }
    refuse(active.isPresent(), RuleRequest.ACTIVE_PARAMS);
    EstimateReport report = request(document, file, arguments).report();
    chart.ifPresent(target -> target.write(EstimateChart.svg(report)));
    return print(report, format, arguments.hasMatchedOption(EXPLAIN), console);
  }

  private static void refuse(boolean given, String option) {
    if (given) {
      throw new InputException(
          option.equals(CHART)
              ? CHART + " draws an estimate, but " + RuleRequest.PARAMS + " gives none"
              : option + " needs " + RuleRequest.PARAMS);
    }
  }

  private static EstimateRequest request(
      JobDocument document, Optional<Path> file, ParseResult arguments) {
    return new EstimateRequest(
        document,
        file.map(path -> path.toAbsolutePath().getParent()),
        Options.value(arguments, REVISION),
        arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED,
        RunFlags.read(
            Options.value(arguments, RunFlags.EVAL_TOKENS),
            Options.value(arguments, RunFlags.SAVES)));
  }

  private static int print(
      EstimateReport report, OutputFormat format, boolean explain, Console console) {
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(EstimateJson.of(report, Version.current())));
    } else {
      report.warnings().forEach(console::warn);
      console.print(EstimateTable.lines(report, console.terminal(), explain));
    }
    return ExitCode.OK;
  }

  private static int print(RuleReport report, OutputFormat format, Console console) {
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(report.json(Version.current())));
    } else {
      report.warnings().forEach(console::warn);
      console.print(report.lines(console.terminal()));
    }
    return ExitCode.OK;
  }
}

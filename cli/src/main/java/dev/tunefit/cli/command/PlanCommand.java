package dev.tunefit.cli.command;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.answers.report.PlanJson;
import dev.tunefit.answers.report.PlanReport;
import dev.tunefit.answers.report.PlanTable;
import dev.tunefit.answers.request.PlanFlags;
import dev.tunefit.answers.request.PlanRequest;
import dev.tunefit.answers.request.RunFlags;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.cli.chart.PlanChart;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.plan.Choices;
import dev.tunefit.core.plan.PlanLine;
import dev.tunefit.formats.write.Place.Rental;
import dev.tunefit.formats.writers.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit plan}: which machine of a market to rent, and with which settings. */
public final class PlanCommand implements Command {

  private static final String EXPLAIN = "--explain";
  private static final String CHART = "--chart";
  private static final String ALL = "--all";
  private static final int FEW = 10;
  private static final WriteArguments FILES = new WriteArguments("--write");

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String summary() {
    return "Find the cheapest and the fastest machines of a market for a job, and its settings.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    MarketArguments.filterGpus(spec);
    Options.replace(spec, JobKey.GPU_COUNT.flag(), "N", "Only machines with so many GPUs");
    MarketArguments.addTo(spec, "Spot machines, with what interruptions cost on average.");
    SpotArguments.addTo(spec);
    spec.addOption(
        Options.text(
            PlanFlags.METHODS, "NAME,...", "Any of these methods, as in full,lora,qlora."));
    spec.addOption(Options.text(PlanFlags.BUDGET, "USD", "What the whole run may cost, as in 50."));
    spec.addOption(
        Options.text(PlanFlags.DEADLINE, "TIME", "How long it may take, as in 90min, 12h or 2d."));
    spec.addOption(
        Options.text(
            PlanFlags.MIN_SEQUENCE_LENGTH,
            "N",
            "Tokens of a sequence, at least, where the job does not say."));
    spec.addOption(
        Options.text(
            PlanFlags.MIN_GLOBAL_BATCH,
            "N",
            "Sequences that all GPUs together see in a step, at least. Default: what the job says,"
                + " or "
                + Choices.USUAL_SEQUENCES
                + "."));
    spec.addOption(
        Options.text(
            FitCommand.HEADROOM, "SIZE", "Memory that must stay free on each GPU, as in 2GiB."));
    spec.addOption(
        Options.text(
            PlanFlags.BY,
            "NAME",
            "cost, time or both: offers than which none is cheaper and faster. Default: both."));
    spec.addOption(Options.flag(ALL, "Show every offer, and not the first ten by cost or time."));
    spec.addOption(
        Options.flag(EXPLAIN, "Show why each is legal, and the first beside the next best."));
    spec.addOption(Options.text(CHART, "FILE", "Draw cost and time as SVG."));
    spec.addOption(
        Options.text(
            RunFlags.EVAL_TOKENS, "COUNT", "Tokens of all evaluations during the run together."));
    spec.addOption(
        Options.text(RunFlags.SAVES, "COUNT", "Checkpoints that are written; 1 without this."));
    FILES.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 found, 3 nothing fits within memory, deadline and budget, 2 bad input.",
            "",
            "Examples:",
            "  tunefit plan --model llama-3.1-8b --tokens 1e8 --methods full,lora,qlora",
            "  tunefit plan job.yaml --tokens 1e9 --gpu 80GB.. --deadline 2d --by cost --explain",
            "  tunefit plan job.yaml --examples 50000 --spot --budget 50 --chart plan.svg",
            "  tunefit plan axolotl.yml --tokens 1e8 --write axolotl,skypilot --out run");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<OutputFile> chart = Options.value(arguments, CHART).map(OutputFile::of);
    PlanRequest request = request(arguments, console);
    Optional<Selection> files = FILES.selection(arguments, request.job().document());
    files.ifPresent(selection -> FILES.needFolder(arguments));
    ProgressBar bar = new ProgressBar(console);
    PlanReport report;
    try {
      report = request.report(console.surroundings().today(), bar);
    } finally {
      bar.end();
    }
    if (report.isContradictory()) {
      throw new InputException(report.nothing());
    }
    chart
        .filter(target -> report.isFound())
        .ifPresent(target -> target.write(PlanChart.svg(report)));
    int code = print(report, format, arguments, console);
    files
        .filter(selection -> report.isFound())
        .map(selection -> write(selection, request, report, arguments, console))
        .filter(paths -> format == OutputFormat.TABLE)
        .ifPresent(paths -> console.print(written(paths)));
    return code;
  }

  private static List<String> write(
      Selection selection,
      PlanRequest request,
      PlanReport report,
      ParseResult arguments,
      Console console) {
    PlanLine first = report.plan().lines().get(0);
    return FILES.write(
        arguments,
        console,
        selection,
        request.settled(first),
        Optional.of(Rental.of(first.offer(), report.question().purchase())),
        Optional.of(PlanTable.price(report, first)));
  }

  private static List<String> written(List<String> paths) {
    List<String> lines = new ArrayList<>(List.of("", "Files of the first"));
    paths.forEach(path -> lines.add("  " + path));
    return lines;
  }

  private static PlanRequest request(ParseResult arguments, Console console) {
    JobDocument document = JobArguments.document(arguments);
    return new PlanRequest(
        JobArguments.request(arguments, document, LocalGpus.of(console.surroundings().variables())),
        MarketArguments.request(arguments, Optional.empty()),
        PlanFlags.choices(
            Options.value(arguments, PlanFlags.METHODS),
            Options.value(arguments, PlanFlags.MIN_GLOBAL_BATCH)),
        PlanFlags.length(Options.value(arguments, PlanFlags.MIN_SEQUENCE_LENGTH)),
        PlanFlags.limits(
            Options.value(arguments, PlanFlags.BUDGET),
            Options.value(arguments, PlanFlags.DEADLINE)),
        FitCommand.headroom(arguments),
        RunFlags.read(
            Options.value(arguments, RunFlags.EVAL_TOKENS),
            Options.value(arguments, RunFlags.SAVES)),
        SpotArguments.read(arguments),
        PlanFlags.ranking(Options.value(arguments, PlanFlags.BY)),
        arguments.hasMatchedOption(ALL) ? Integer.MAX_VALUE : FEW);
  }

  private static int print(
      PlanReport report, OutputFormat format, ParseResult arguments, Console console) {
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(PlanJson.of(report, Version.current())));
    } else {
      report.warnings().forEach(console::warn);
      if (report.isFound()) {
        boolean explain = arguments.hasMatchedOption(EXPLAIN);
        console.print(PlanTable.lines(report, console.terminal(), explain));
      } else {
        console.fail(report.nothing());
      }
    }
    return report.isFound() ? ExitCode.OK : ExitCode.DOES_NOT_FIT;
  }
}

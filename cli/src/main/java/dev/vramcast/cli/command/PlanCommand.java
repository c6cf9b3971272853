package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.answers.plan.PlanAnswer;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.plan.PlanReport;
import dev.vramcast.answers.plan.PlanRequest;
import dev.vramcast.answers.plan.PlanTable;
import dev.vramcast.answers.write.WriteOperation;
import dev.vramcast.cli.chart.PlanChart;
import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.console.ProgressBar;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.WriteArguments;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.formats.write.Place.Rental;
import dev.vramcast.formats.writers.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast plan}: which machine of a market to rent, and with which settings. */
public final class PlanCommand implements Command {

  private static final PlanOperation OPERATION = new PlanOperation();

  private static final String CHART = "--chart";
  private static final WriteArguments FILES = new WriteArguments(WriteOperation.formats("--write"));

  @Override
  public String name() {
    return OPERATION.name();
  }

  @Override
  public String summary() {
    return OPERATION.summary();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    for (Parameter parameter : OPERATION.parameters(Asker.HERE)) {
      Options.add(spec, parameter);
      if (parameter.name().equals(PlanOperation.ALL.name())) {
        OutputFormat.addExplain(
            spec, "Show why each is legal, the first beside the next best, and every figure.");
        spec.addOption(Options.text(CHART, "FILE", "Draw cost and time as SVG."));
      }
    }
    Options.replace(spec, JobKey.GPU_COUNT.flag(), "N", "Only machines with so many GPUs");
    FILES.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 found, 3 nothing fits within memory, deadline and budget, 4 not"
                + " modelled,",
            "  2 bad input.",
            "",
            "Examples:",
            "  vramcast plan --model llama-3.1-8b --tokens 1e8 --methods full,lora,qlora",
            "  vramcast plan job.yaml --tokens 1e9 --gpu 80GB.. --deadline 2d --by cost --explain",
            "  vramcast plan job.yaml --examples 50000 --spot --budget 50 --chart plan.svg",
            "  vramcast plan axolotl.yml --tokens 1e8 --write axolotl,skypilot --out run");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<OutputFile> chart = OutputFile.ofSvg(arguments, CHART);
    ProgressBar bar = new ProgressBar(console);
    Call call = JobArguments.call(arguments, Set.of(), Corrections.NONE, bar, console);
    PlanRequest request = OPERATION.request(call);
    Optional<Selection> files = FILES.selection(arguments, request.job().document());
    files.ifPresent(selection -> FILES.needFolder(arguments));
    PlanReport report;
    try {
      report = OPERATION.report(call, request);
    } finally {
      bar.end();
    }
    chart
        .filter(target -> report.isFound())
        .ifPresent(target -> target.write(PlanChart.svg(report)));
    int code = print(report, format, console);
    files
        .filter(selection -> report.isFound())
        .map(selection -> write(selection, request, report, arguments, console))
        .filter(paths -> format != OutputFormat.JSON)
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
        Optional.of(Rental.of(first.offer(), report.purchase())),
        Optional.of(PlanTable.price(report, first)));
  }

  private static List<String> written(List<String> paths) {
    List<String> lines = new ArrayList<>(List.of("", "Files of the first"));
    paths.forEach(path -> lines.add("  " + path));
    return lines;
  }

  private static int print(PlanReport report, OutputFormat format, Console console) {
    if (format == OutputFormat.JSON || report.isFound()) {
      boolean explain = format == OutputFormat.EXPLAINED;
      format.print(
          new PlanAnswer(report),
          () -> PlanTable.lines(report, console.terminal(), explain),
          console);
    } else {
      report.warnings().forEach(console::warn);
      console.fail(report.nothing().line(CommandWords.ALL));
    }
    return report.isFound() ? ExitCode.OK : ExitCode.DOES_NOT_FIT;
  }
}

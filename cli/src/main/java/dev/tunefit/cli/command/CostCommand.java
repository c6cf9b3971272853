package dev.tunefit.cli.command;

import dev.tunefit.answers.report.CostReport;
import dev.tunefit.answers.request.CostRequest;
import dev.tunefit.answers.request.RuleRequest;
import dev.tunefit.answers.request.RunFlags;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.core.cost.SpotTerms;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.time.RunExtras;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit cost}: hours and dollars of a run on every GPU of a market. */
public final class CostCommand implements Command {

  private static final String GPU = JobKey.GPU.flag();

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String summary() {
    return "Price a run on each GPU of a market, on-demand and spot, and say how long it takes.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    MarketArguments.filterGpus(spec);
    MarketArguments.addTo(spec, "Only spot machines, ordered by what is expected on them.");
    SpotArguments.addTo(spec);
    spec.addOption(
        Options.text(RuleRequest.PARAMS, "SIZE", "Only the size of the model is known, as in 7B."));
    spec.addOption(
        Options.text(
            RuleRequest.ACTIVE_PARAMS, "SIZE", "Parameters that a token visits, with --params."));
    spec.addOption(
        Options.text(
            RunFlags.EVAL_TOKENS, "COUNT", "Tokens of all evaluations during the run together."));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 priced, 3 nothing on offer holds the run, 2 bad input.",
            "",
            "Examples:",
            "  tunefit cost --model llama-3.1-8b --method qlora --tokens 51.2e6",
            "  tunefit cost job.yaml --tokens 1e9 --gpu h100:8 --spot --interruptions-every 4h",
            "  tunefit cost --params 70B --method full --tokens 1e8 --provider aws,lambda");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    SpotTerms terms = SpotArguments.read(arguments);
    JobDocument document = JobArguments.document(arguments, Set.of(JobKey.GPU));
    CostRequest request =
        new CostRequest(
            MarketArguments.request(arguments, Options.value(arguments, GPU))
                .report(console.surroundings().today()),
            document.value(JobKey.GPU_COUNT, Integer.class),
            terms);
    document
        .entry(JobKey.GPU)
        .ifPresent(
            entry ->
                console.warn(
                    document.origin(JobKey.GPU)
                        + "hardware.gpu is left aside, since all GPUs are priced; --gpu narrows"));
    CostReport report =
        report(request, document.without(decidedByOffers(document)), arguments, console);
    int code = format.print(report, console);
    return report.fitsSomewhere() ? code : ExitCode.DOES_NOT_FIT;
  }

  /** An offer names its GPUs, and their number too where the job does not. */
  private static Set<JobKey> decidedByOffers(JobDocument document) {
    return document.has(JobKey.GPU_COUNT)
        ? Set.of(JobKey.GPU)
        : Set.of(JobKey.GPU, JobKey.GPU_COUNT);
  }

  private static CostReport report(
      CostRequest request, JobDocument document, ParseResult arguments, Console console) {
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    Optional<String> size = Options.value(arguments, RuleRequest.PARAMS);
    Optional<String> active = Options.value(arguments, RuleRequest.ACTIVE_PARAMS);
    Optional<String> evaluated = Options.value(arguments, RunFlags.EVAL_TOKENS);
    if (size.isPresent()) {
      refuse(evaluated.isPresent(), RunFlags.EVAL_TOKENS + " needs a model");
      return request.ofSize(new RuleRequest(document, size.get(), active, gpus));
    }
    refuse(active.isPresent(), RuleRequest.ACTIVE_PARAMS + " needs " + RuleRequest.PARAMS);
    RunExtras extras = RunFlags.read(evaluated, Optional.empty());
    return request.of(JobArguments.request(arguments, document, gpus), extras);
  }

  private static void refuse(boolean given, String message) {
    if (given) {
      throw new InputException(message);
    }
  }
}

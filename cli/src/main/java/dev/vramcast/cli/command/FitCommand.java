package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.fit.CardsThatFit;
import dev.vramcast.answers.fit.CorrectedFit;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.CorrectionArguments;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast fit}: a gate in front of a launch. */
public final class FitCommand implements Command {

  private static final FitOperation OPERATION = new FitOperation();

  private static final String EXPLAIN = "--explain";

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
    spec.addOption(
        Options.flag(EXPLAIN, "Show all changes that save memory, and every assumption."));
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 fits, 1 tight, 3 does not fit, 4 not modelled, 2 bad input.",
            "Of several cards: 0 fits all, 1 some or not for certain, 3 none.",
            "",
            "Without a card the job is held against that of this machine, and where there is none",
            "against those that most people have.",
            "",
            "Examples:",
            "  vramcast fit --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast fit job.yaml --gpu a100-80gb --count 8 --headroom 2GiB",
            "  vramcast fit --model llama-3.1-8b --every-card");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Call call = JobArguments.call(arguments, Set.of(), corrections, Progress.NONE, console);
    boolean everyCard = call.given().has(FitOperation.EVERY_CARD);
    Optional<Notice> why = everyCard ? Optional.empty() : withoutCard(call);
    if (everyCard || why.isPresent()) {
      CardsThatFit cards = OPERATION.cards(call, call.document(), why);
      format.print(cards, console);
      return code(cards);
    }
    CorrectedFit fit = OPERATION.report(call, onSomeCard(call.document()));
    boolean explain = arguments.hasMatchedOption(EXPLAIN);
    format.print(fit, () -> fit.lines(console.terminal(), explain), console);
    return switch (fit.report().check().verdict()) {
      case FITS -> ExitCode.OK;
      case TIGHT -> ExitCode.TIGHT;
      case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
      case NOT_MODELLED -> ExitCode.NOT_MODELLED;
    };
  }

  /** Of many cards, all decide: it fits where it fits each, and does not where it fits none. */
  private static int code(CardsThatFit cards) {
    List<Verdict> verdicts = cards.rows().stream().map(row -> row.check().verdict()).toList();
    if (cards.refused().isEmpty() && verdicts.stream().allMatch(Verdict.FITS::equals)) {
      return ExitCode.OK;
    }
    boolean none = verdicts.stream().allMatch(Verdict.DOES_NOT_FIT::equals);
    return none ? ExitCode.DOES_NOT_FIT : ExitCode.TIGHT;
  }

  /** Why no card is known; empty where one is named or this machine has one. */
  private static Optional<Notice> withoutCard(Call call) {
    if (call.document().has(JobKey.GPU)) {
      return Optional.empty();
    }
    try {
      call.gpus().find(LocalGpus.NAME);
      return Optional.empty();
    } catch (InputException e) {
      return Optional.of(
          e.notice()
              .and("; these are the cards that most people have, and ", JobKey.GPU)
              .and(" NAME asks about one"));
    }
  }

  /** Where no card is named, that of this machine is meant. */
  private static JobDocument onSomeCard(JobDocument document) {
    return document.has(JobKey.GPU)
        ? document
        : document.with(JobKey.GPU, LocalGpus.NAME, new Place.Chosen("found on this machine"));
  }
}

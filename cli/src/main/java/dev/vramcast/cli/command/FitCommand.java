package dev.vramcast.cli.command;

import static dev.vramcast.core.units.Multiples.gib;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.estimate.WeightsAnswer;
import dev.vramcast.answers.fit.CardsThatFit;
import dev.vramcast.answers.fit.CorrectedFit;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.fit.FitReport;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.NotModelled;
import dev.vramcast.catalog.machine.HostMemory;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.console.JUnitReport;
import dev.vramcast.cli.option.CorrectionArguments;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast fit}: a gate in front of a launch. */
public final class FitCommand implements Command {

  private static final FitOperation OPERATION = new FitOperation();

  private static final String JUNIT = "--junit";
  private static final Terminal PLAIN =
      new Terminal(Terminal.PLAIN_WIDTH, false, true).saying(CommandWords.ALL);

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
    OutputFormat.addExplain(
        spec, "Show all changes that save memory, every assumption and every figure.");
    OPERATION.parameters().forEach(parameter -> Options.add(spec, parameter));
    spec.addOption(
        Options.text(JUNIT, "FILE", "Write the verdict as a test result too, which CI shows."));
    Overwrite.addTo(spec);
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 fits, 1 not certain (tight, or probably does not fit), 3 does not fit,",
            "4 not modelled, 2 bad input.",
            "Of several cards: 0 fits all, 1 some or not for certain, 3 none.",
            "",
            "Without a card the job is held against that of this machine, and where there is none",
            "against those that most people have. Prices are those that were fetched, and of",
            PriceLists.MARKET + " those of the other providers (see vramcast prices).",
            "",
            "Examples:",
            "  vramcast fit --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast fit job.yaml --gpu a100-80gb --count 8 --headroom 2GiB",
            "  vramcast fit --model llama-3.1-8b --every-card");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    Optional<OutputFile> junit = OutputFile.of(arguments, JUNIT);
    try {
      return run(arguments, junit, console);
    } catch (UnsupportedJobException e) {
      junit.ifPresent(file -> write(file, "the job", Verdict.NOT_MODELLED, NotModelled.of(e)));
      throw e;
    } catch (InputException e) {
      if (e.isForLackOfMemory()) {
        String reason = e.error().line(CommandWords.ALL);
        junit.ifPresent(file -> write(file, "the job", Verdict.DOES_NOT_FIT, List.of(reason)));
      }
      throw e;
    }
  }

  private static int run(ParseResult arguments, Optional<OutputFile> junit, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Call call = JobArguments.call(arguments, Set.of(), corrections, Progress.NONE, console);
    JobDocument document = JobParameters.sized(call);
    Optional<WeightsAnswer> weights = OPERATION.weights(call, document);
    if (weights.isPresent()) {
      return weights(onThisMachine(call, document, weights.get()), format, junit, console);
    }
    boolean everyCard = call.given().has(FitOperation.EVERY_CARD);
    Optional<Notice> why = everyCard ? Optional.empty() : withoutCard(call);
    if (everyCard || why.isPresent()) {
      CardsThatFit cards = OPERATION.cards(call, document, why);
      junit.ifPresent(file -> file.write(results(cards).xml()));
      format.print(cards, console);
      return code(cards);
    }
    CorrectedFit fit = OPERATION.report(call, onSomeCard(document));
    FitReport report = fit.report();
    String name = report.model() + " on " + report.gpu().name();
    junit.ifPresent(file -> write(file, name, report.check().verdict(), fit));
    boolean explain = format == OutputFormat.EXPLAINED;
    format.print(fit, () -> fit.lines(console.terminal(), explain), console);
    return switch (report.check().verdict()) {
      case FITS -> ExitCode.OK;
      case TIGHT -> ExitCode.TIGHT;
      case DOES_NOT_FIT -> ExitCode.DOES_NOT_FIT;
      case NOT_MODELLED -> ExitCode.NOT_MODELLED;
    };
  }

  /** Where a job that trains nothing names no card, this machine is meant, with a card or none. */
  private static WeightsAnswer onThisMachine(Call call, JobDocument document, WeightsAnswer asked) {
    if (document.has(JobKey.GPU)) {
      return asked;
    }
    JobDocument here = withoutCard(call).isEmpty() ? onSomeCard(document) : withMemory(document);
    return OPERATION.weights(call, here).orElse(asked);
  }

  /** A job that trains nothing, which is not certain where nothing is known of what decides. */
  private static int weights(
      WeightsAnswer answer, OutputFormat format, Optional<OutputFile> junit, Console console) {
    junit.ifPresent(
        file ->
            file.write(
                new JUnitReport(
                        List.of(
                            new JUnitReport.Case(
                                answer.model().id(), answer.verdict(), answer.brief(PLAIN))))
                    .xml()));
    format.print(answer, console);
    return answer
        .verdict()
        .map(verdict -> verdict == Verdict.FITS ? ExitCode.OK : ExitCode.DOES_NOT_FIT)
        .orElse(ExitCode.TIGHT);
  }

  private static void write(OutputFile file, String name, Verdict verdict, Answer answer) {
    write(file, name, verdict, answer.brief(PLAIN));
  }

  private static void write(OutputFile file, String name, Verdict verdict, List<String> lines) {
    file.write(new JUnitReport(List.of(new JUnitReport.Case(name, verdict, lines))).xml());
  }

  /** A test for each card. */
  private static JUnitReport results(CardsThatFit cards) {
    Stream<JUnitReport.Case> known =
        cards.rows().stream()
            .map(
                row ->
                    new JUnitReport.Case(
                        cards.model() + " on " + row.gpu().name(),
                        row.check().verdict(),
                        List.of(cards.sentence())));
    Stream<JUnitReport.Case> refused =
        cards.refused().stream()
            .map(
                card ->
                    new JUnitReport.Case(
                        cards.model() + " on " + card.gpu().name(),
                        Verdict.NOT_MODELLED,
                        List.of(card.reason().sentence(CommandWords.ALL))));
    return new JUnitReport(Stream.concat(known, refused).toList());
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
        : withMemory(
            document.with(JobKey.GPU, LocalGpus.NAME, new Place.Chosen("found on this machine")));
  }

  /** With the memory of this machine, or what a control group leaves of it. */
  private static JobDocument withMemory(JobDocument document) {
    return document.has(JobKey.HOST_MEMORY)
        ? document
        : HostMemory.ofThisMachine()
            .map(
                memory ->
                    document.with(
                        JobKey.HOST_MEMORY,
                        gib(memory.bytes()),
                        new Place.Chosen("found in " + memory.source())))
            .orElse(document);
  }
}

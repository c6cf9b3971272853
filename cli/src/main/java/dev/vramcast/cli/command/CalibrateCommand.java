package dev.vramcast.cli.command;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.calibrate.CalibrateRequest;
import dev.vramcast.answers.calibrate.RunFigures;
import dev.vramcast.answers.correction.CorrectionStore;
import dev.vramcast.answers.correction.CorrectionsReport;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CorrectionArguments;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Paths;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.formats.run.RunReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast calibrate}: a user's own run beside the estimate, and what is kept of it. */
public final class CalibrateCommand implements Command {

  private static final String RUN = "--run";
  private static final String SAVE = "--save";
  private static final String LIST = "--list";
  private static final String FORGET = "--forget";

  @Override
  public String name() {
    return "calibrate";
  }

  @Override
  public String summary() {
    return "Hold your own run against the estimate, and keep a correction for such jobs.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    OutputFormat.addExplain(spec);
    spec.addOption(
        OptionSpec.builder(RUN)
            .type(String[].class)
            .auxiliaryTypes(String.class)
            .arity("1..*")
            .paramLabel("FILE")
            .description(
                "What the run left behind: trainer_state.json, a trainer's console output,"
                    + " nvidia-smi, torch.cuda's memory_summary() or memory_stats(), a memory"
                    + " snapshot.")
            .build());
    figure(spec, RunFigure.AFTER_LOAD, "Measured: allocated once the model is loaded.");
    figure(spec, RunFigure.ALLOCATED, "Measured: torch.cuda.max_memory_allocated().");
    figure(spec, RunFigure.RESERVED, "Measured: torch.cuda.max_memory_reserved().");
    figure(spec, RunFigure.DEVICE, "Measured: in use as nvidia-smi shows it.");
    spec.addOption(
        Options.text(
            RunFigures.SPEED,
            "NUMBER",
            "Measured: tokens a second of all GPUs, padding included."));
    spec.addOption(
        OptionSpec.builder(SAVE)
            .type(String.class)
            .arity("0..1")
            .fallbackValue("")
            .paramLabel("NAME")
            .description("Keep the correction for later estimates of such jobs.")
            .build());
    spec.addOption(Options.flag(LIST, "List the corrections that are kept."));
    spec.addOption(Options.text(FORGET, "NAME", "Drop a correction."));
    CorrectionArguments.addFile(spec);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  vramcast calibrate job.yaml --run out/trainer_state.json smi.txt",
            "  vramcast calibrate job.yaml --gpu rtx-4090 --allocated 21.3GiB --reserved 23GiB",
            "  vramcast calibrate job.yaml --gpu rtx-4090 --run snapshot.pickle --save",
            "  vramcast calibrate --list");
    return spec;
  }

  private static void figure(CommandSpec spec, RunFigure figure, String description) {
    spec.addOption(Options.text(RunFigures.option(figure), "SIZE", description));
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<CorrectionStore> store = CorrectionArguments.store(arguments, console);
    boolean list = arguments.hasMatchedOption(LIST);
    Optional<String> forget = Options.value(arguments, FORGET);
    Optional<String> save = Options.value(arguments, SAVE);
    if ((list ? 1 : 0) + (forget.isPresent() ? 1 : 0) + (save.isPresent() ? 1 : 0) > 1) {
      throw InputError.about(Subject.option(SAVE))
          .kind(ErrorKind.CONTRADICTION)
          .and(", ", LIST, " and ", FORGET, " exclude each other")
          .refusal();
    }
    forget.ifPresent(name -> place(store).forget(name));
    if (list || forget.isPresent()) {
      return format.print(kept(place(store)), console);
    }
    Run run = measured(arguments);
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    CalibrateRequest request =
        new CalibrateRequest(
            JobArguments.request(arguments, JobArguments.document(arguments), gpus),
            run,
            save.map(
                name ->
                    new CalibrateRequest.Save(
                        place(store), name, console.surroundings().today(), Version.current())));
    return format.print(request.report(), console);
  }

  private static CorrectionStore place(Optional<CorrectionStore> store) {
    return store.orElseThrow(
        () ->
            InputError.of("no place for corrections")
                .hint("give ", CorrectionArguments.FILE, " FILE, or set HOME or XDG_CONFIG_HOME")
                .kind(ErrorKind.MISSING)
                .refusal());
  }

  private static CorrectionsReport kept(CorrectionStore store) {
    return new CorrectionsReport(Shown.oneLine(store.file().toString()), store.corrections());
  }

  private static Run measured(ParseResult arguments) {
    List<Run> runs = new ArrayList<>();
    for (String file : arguments.matchedOptionValue(RUN, new String[0])) {
      runs.add(new RunReader().read(Paths.of(file)));
    }
    Map<RunFigure, String> texts = new EnumMap<>(RunFigure.class);
    RunFigures.OPTIONS.forEach(
        (figure, option) ->
            Options.value(arguments, option).ifPresent(text -> texts.put(figure, text)));
    RunFigures.read(texts, Options.value(arguments, RunFigures.SPEED)).ifPresent(runs::add);
    if (runs.isEmpty()) {
      throw InputError.of("no run")
          .concerning(Subject.option(RUN))
          .hint(
              "give ",
              RUN,
              " FILE, or figures such as --allocated 21.3GiB (vramcast calibrate --help)")
          .kind(ErrorKind.MISSING)
          .refusal();
    }
    return Run.together(runs);
  }
}

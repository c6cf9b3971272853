package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Programs that make a trainer to evaluate a model by, and train nothing. */
final class NoTraining {

  private static final Pattern MAKES = Pattern.compile("\\w{0,60}Trainer\\s{0,9}\\(");

  private static final Pattern EVALUATES =
      Pattern.compile("(?i:trainer)\\s{0,9}\\.\\s{0,9}(?:evaluate|predict)\\s{0,9}\\(");

  /** Whatever may train, into whose hands the trainer may be given. */
  private static final Pattern TRAINS =
      Pattern.compile(
          "(?i)train(?:ing)?(?!_test_split)(?:_\\w{1,60})?\\s{0,9}\\("
              + "|\\.\\s{0,9}(?:fit|learn|backward)\\s{0,9}\\(");

  private NoTraining() {}

  /** A reading that is refused where its program evaluates, and calls nothing that trains. */
  static Reading refused(TrainingFile file, Reading reading) {
    if (file.form() != Form.PROGRAM) {
      return reading;
    }
    String code =
        ModuleParts.code(
            file.lines().stream()
                .map(line -> String.valueOf(line.value()))
                .collect(Collectors.joining("\n")));
    boolean trains = !MAKES.matcher(code).find() || TRAINS.matcher(code).find();
    return trains || !EVALUATES.matcher(code).find()
        ? reading
        : evaluation(file)
            .map(at -> reading.withUnreadable(JobKey.METHOD, error(file, at)))
            .orElse(reading);
  }

  private static Optional<Mark> evaluation(TrainingFile file) {
    for (Node.Scalar line : file.lines()) {
      Matcher evaluates = EVALUATES.matcher(String.valueOf(line.value()));
      if (evaluates.find()) {
        return Optional.of(ModuleLines.at(line, evaluates.start()));
      }
    }
    return Optional.empty();
  }

  private static InputError error(TrainingFile file, Mark at) {
    String name = at.source().isEmpty() ? file.name() : at.source();
    return InputError.of("trains nothing: its trainer only evaluates")
        .kind(ErrorKind.NO_TRAINING)
        .at(new Node.Scalar("", at).place(name))
        .hint("there is nothing to estimate, unless ", JobKey.METHOD, " says how it trains");
  }
}

package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that make a trainer to evaluate a model by, and train nothing. */
final class NoTraining {

  private static final Pattern MAKES = Pattern.compile("(\\w{1,80})\\s{0,9}\\(");

  /** What a trainer is called, right before it is made. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?m)(?:^|[.;])[ \\t]{0,80}(\\w{1,80})\\s{0,9}=\\s{0,9}(?:\\w{1,80}\\.){0,3}$");

  private static final Pattern DECLARES = Pattern.compile("(?:class|def)[ \\t]{1,9}$");

  /** What trains nothing, behind the name of a trainer. */
  private static final Pattern USES =
      Pattern.compile(
          "\\s{0,9}(?:=(?!=)|\\.\\s{0,9}(?:evaluate|predict|save\\w{0,40}|log\\w{0,40}|push_to_hub)"
              + "\\s{0,9}\\()");

  private static final Pattern EVALUATES =
      Pattern.compile("\\b(\\w{1,80})\\s{0,9}\\.\\s{0,9}(?:evaluate|predict)\\s{0,9}\\(");

  /** Whatever may train by itself. */
  private static final Pattern TRAINS =
      Pattern.compile(
          "(?i)train(?:ing)?(?!_test_split)(?:_\\w{1,60})?\\s{0,9}\\("
              + "|\\.\\s{0,9}(?:fit|learn|backward)\\s{0,9}\\(");

  /** Unsloth's switch of a model to what generates (unsloth/models/llama.py for_inference). */
  private static final Pattern INFERS = Pattern.compile("\\.\\s{0,9}for_inference\\s{0,9}\\(");

  /** What writes a model, or its adapters, as they are. */
  private static final Pattern SAVES =
      Pattern.compile(
          "\\.\\s{0,9}(?:save_pretrained|push_to_hub)(?:_merged|_gguf|_torchao)?\\s{0,9}\\(");

  /** Calls of functions that may train, whose names do not say that they do. */
  private static final Pattern TUNES =
      Pattern.compile(
          "(?i)(?:tun(?:e|ing)|learn|fit|optimi[sz]e|run|main|step)\\w{0,60}\\s{0,9}\\(");

  /** What a program needs that trains: it may hand it to another module. */
  private static final Pattern TOOLS =
      Pattern.compile("(?i)trainer|get_peft_model|TrainingArguments|for_training");

  /** Characters before a trainer that is made, in which its name stands. */
  private static final int BEFORE = 400;

  private static final Pattern WORD = Pattern.compile("\\b[A-Za-z_]\\w{0,80}+");

  /** What a training that leaves a key out is told. */
  private static final Set<FindingCode> OF_TRAINING =
      EnumSet.of(FindingCode.SURPRISING_DEFAULT, FindingCode.ASSUMED);

  private NoTraining() {}

  /**
   * A reading that is refused where its program evaluates, and neither calls what trains nor uses a
   * trainer's name for anything else than to evaluate and to save; or where it has nothing to train
   * with, and makes its model ready to generate.
   */
  static Reading refused(TrainingFile file, Reading reading) {
    if (file.form() != Form.PROGRAM) {
      return reading;
    }
    String code = ModuleParts.code(ModuleLines.text(file.lines()));
    if (!TOOLS.matcher(code).find() && !TRAINS.matcher(code).find()) {
      return withoutTools(file, code, reading);
    }
    Set<String> trainers = trainers(code);
    boolean trains = trainers.isEmpty() || TRAINS.matcher(code).find() || isUsed(code, trainers);
    return trains
        ? reading
        : place(file, code, EVALUATES, found -> trainers.contains(found.group(1)))
            .map(
                at ->
                    reading.withUnreadable(
                        JobKey.METHOD, error(file, at, "its trainer only evaluates")))
            .orElse(reading);
  }

  private static Reading withoutTools(TrainingFile file, String code, Reading reading) {
    if (writes(reading)) {
      return reading;
    }
    boolean saves = reading.format() == FormatName.UNSLOTH && !TUNES.matcher(code).find();
    Optional<InputError> why =
        place(file, code, INFERS, found -> true)
            .map(at -> error(file, at, "it only generates"))
            .or(
                () ->
                    place(file, code, SAVES, found -> saves)
                        .map(at -> error(file, at, "it only saves")));
    return why.map(error -> reading.withUnreadable(JobKey.METHOD, error)).orElse(reading);
  }

  /** Whether it is known to merge or to convert, or to want that by what is not modelled. */
  private static boolean writes(Reading reading) {
    return reading.document().has(JobKey.WEIGHTS_ALONE)
        || reading.unreadable().containsKey(JobKey.WEIGHTS_ALONE)
        || reading.notModelled().isPresent();
  }

  /**
   * A reading of a file that writes weights and trains nothing, which is said in the place of what
   * is missing for a training.
   */
  static Reading said(Reading reading) {
    Optional<Place.Line> at =
        Optional.of(reading.document())
            .filter(job -> job.value(JobKey.WEIGHTS_ALONE, Boolean.class).orElse(false))
            .flatMap(job -> job.place(JobKey.WEIGHTS_ALONE))
            .filter(Place.Line.class::isInstance)
            .map(Place.Line.class::cast);
    if (at.isEmpty()) {
      return reading;
    }
    List<Finding> findings = new ArrayList<>(reading.findings());
    findings.removeIf(finding -> OF_TRAINING.contains(finding.code()) && finding.line() == 0);
    Place.Line line = at.orElseThrow();
    Mark mark = new Mark((int) line.line(), line.column());
    Phrase message =
        Phrase.of("this trains nothing: what is counted is what it takes to write weights");
    findings.add(
        new Finding(FindingCode.NOT_COUNTED, line.source(), mark, line.key(), "", message));
    return reading.holding(reading.document(), findings);
  }

  /** The names of all trainers; none where one has no name. */
  private static Set<String> trainers(String code) {
    Set<String> names = new LinkedHashSet<>();
    Matcher makes = MAKES.matcher(code);
    while (makes.find()) {
      String before = code.substring(Math.max(0, makes.start() - BEFORE), makes.start());
      if (!makes.group(1).endsWith("Trainer") || DECLARES.matcher(before).find()) {
        continue;
      }
      Matcher named = NAMED.matcher(before);
      if (!named.find()) {
        return Set.of();
      }
      names.add(named.group(1));
    }
    return names;
  }

  /** Whether a trainer is handed on, or anything is asked of it that may train. */
  private static boolean isUsed(String code, Set<String> trainers) {
    Matcher word = WORD.matcher(code);
    Matcher uses = USES.matcher(code);
    while (word.find()) {
      boolean harmless =
          !trainers.contains(word.group()) || uses.region(word.end(), code.length()).lookingAt();
      if (!harmless) {
        return true;
      }
    }
    return false;
  }

  /** Where something stands first. */
  private static Optional<Mark> place(
      TrainingFile file, String code, Pattern what, Predicate<Matcher> isOne) {
    String[] rows = code.split("\n", -1);
    for (int i = 0; i < Math.min(rows.length, file.lines().size()); i++) {
      Matcher found = what.matcher(rows[i]);
      while (found.find()) {
        if (isOne.test(found)) {
          return Optional.of(ModuleLines.at(file.lines().get(i), found.start()));
        }
      }
    }
    return Optional.empty();
  }

  private static InputError error(TrainingFile file, Mark at, String why) {
    String name = at.source().isEmpty() ? file.name() : at.source();
    return InputError.of("trains nothing: ", why)
        .kind(ErrorKind.NO_TRAINING)
        .at(new Node.Scalar("", at).place(name))
        .hint("there is nothing to estimate, unless ", JobKey.METHOD, " says how it trains");
  }
}

package dev.vramcast.answers.fields;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What those who give fields call things: a key of the job by its path, an option by its field.
 *
 * @param operation that was called
 */
public record FieldWords(Operation operation) implements Words {

  @Override
  public String name(Subject subject, Optional<Place> place) {
    if (subject instanceof Subject.Key key) {
      return key(key);
    }
    if (subject instanceof Subject.Option option) {
      return option(option.name());
    }
    return Words.DOCUMENT.name(subject, place);
  }

  /** The job is what was asked about; a text that was given has its name. */
  @Override
  public Optional<String> place(Place place) {
    return ProgramWords.ALL.place(place);
  }

  /** The field or the key of the job that an error is about; empty when it is about none. */
  public Optional<String> field(InputError error) {
    return error
        .subject()
        .map(subject -> name(subject, Optional.empty()))
        .filter(name -> !name.isEmpty())
        .map(name -> inConfig(error).map(path -> path + "." + name).orElse(name));
  }

  /** The path of the object that an error about a model's own configuration is in. */
  private static Optional<String> inConfig(InputError error) {
    return error
        .place()
        .filter(place -> error.subject().orElse(null) instanceof Subject.Item)
        .filter(Place.Line.class::isInstance)
        .map(place -> ((Place.Line) place).key())
        .filter(key -> key.startsWith(JobKey.MODEL_CONFIG.path()));
  }

  private String key(Subject.Key key) {
    return field(key.flag(), parameter -> parameter.kind() != Kind.FLAG)
        .or(() -> operation.subject() == Operation.Subject.JOB ? Optional.of(key.path()) : word())
        .orElse(key.path());
  }

  private String option(String name) {
    return field(name, parameter -> true)
        .or(() -> JobKey.ofFlag(name).map(JobKey::path))
        .orElseGet(() -> Parameter.field(name));
  }

  /** A key has another field where the operation's own holds its value; a switch holds none. */
  private Optional<String> field(String option, Predicate<Parameter> holds) {
    return parameters().stream()
        .filter(parameter -> parameter.name().equals(option))
        .filter(holds)
        .map(Parameter::field)
        .findFirst();
  }

  /** The field that stands alone on a command line. */
  private Optional<String> word() {
    return parameters().stream()
        .filter(parameter -> parameter.kind() == Kind.WORD)
        .map(Parameter::field)
        .findFirst();
  }

  private List<Parameter> parameters() {
    return FieldReader.parameters(operation);
  }
}

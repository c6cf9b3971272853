package dev.vramcast.answers.fields;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.answers.request.JobFile;
import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject.Item;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a call out of fields: those of the operation's parameters in snake_case, and, where it is
 * about a job, {@code job}, a nested job document, which wins over {@code files}, a list of {@code
 * {name, text}}. For somebody elsewhere no file is opened and no card of this machine is looked at.
 */
public final class FieldReader {

  /** The job document. */
  public static final String JOB = ProgramWords.JOB;

  /** Texts that describe the job. */
  public static final String FILES = "files";

  /** Characters of a field, far above any value that means something. */
  public static final int LONGEST = 10_000;

  private FieldReader() {}

  /**
   * The call.
   *
   * @param fields maps, lists, texts, numbers and booleans, as from a JSON object
   * @throws InputException for what is unknown or not allowed
   */
  public static Call call(Operation operation, Map<String, ?> fields, RemoteContext asker) {
    GivenFields given = given(operation, fields);
    return new Call(
        given,
        job(fields),
        texts(fields, given),
        new Call.Means(
            new Sources.NamesOnly(given.value(JobParameters.REVISION), asker.network()),
            GpuCatalog.embedded(),
            Corrections.NONE,
            asker.today(),
            asker.prices(),
            asker.steps()),
        asker.progress());
  }

  /**
   * As {@link #call(Operation, Map, RemoteContext)}, for somebody here, who may name files.
   *
   * @throws InputException for what is unknown or not allowed
   */
  public static Call call(Operation operation, Map<String, ?> fields, LocalContext asker) {
    GivenFields given = given(operation, fields);
    boolean named = !asker.files().isEmpty();
    if (named && operation.subject() == Subject.CATALOGUE) {
      throw InputError.of(operation.name(), " is about no file")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    if (named && fields.containsKey(FILES)) {
      throw InputError.about(new Item(FILES))
          .kind(ErrorKind.CONTRADICTION)
          .and(" are given both as paths and as texts")
          .refusal();
    }
    Path folder =
        named
            ? Objects.requireNonNullElse(asker.files().get(0).getParent(), asker.folder())
            : asker.folder();
    return new Call(
        given,
        job(fields),
        named ? new JobFile(asker.files(), JobParameters.as(given)) : texts(fields, given),
        new Call.Means(
            new Sources.Files(
                Optional.of(folder), given.value(JobParameters.REVISION), asker.all().network()),
            asker.gpus(),
            Corrections.NONE,
            asker.all().today(),
            asker.all().prices(),
            asker.all().steps()),
        asker.all().progress());
  }

  /** The parameters of an operation, those of its subject first. */
  public static List<Parameter> parameters(Operation operation) {
    List<Parameter> all = new ArrayList<>(operation.subject().parameters());
    all.addAll(operation.parameters(Asker.ELSEWHERE));
    return all;
  }

  private static List<String> known(Operation operation) {
    List<String> names = new ArrayList<>();
    if (operation.subject() == Subject.JOB) {
      names.add(JOB);
    }
    if (operation.subject() != Subject.CATALOGUE) {
      names.add(FILES);
    }
    parameters(operation).forEach(parameter -> names.add(parameter.field()));
    return names;
  }

  private static GivenFields given(Operation operation, Map<String, ?> fields) {
    List<String> names = known(operation);
    for (String name : fields.keySet()) {
      if (!names.contains(name)) {
        throw unknown(name, names);
      }
    }
    Map<String, String> texts = new HashMap<>();
    Map<String, Boolean> flags = new HashMap<>();
    for (Parameter parameter : parameters(operation)) {
      String field = parameter.field();
      if (fields.containsKey(field)) {
        Object raw = fields.get(field);
        if (parameter.kind() == Kind.FLAG) {
          flags.put(field, FieldValue.flag(parameter, raw));
        } else {
          texts.put(field, FieldValue.text(parameter, raw));
        }
      }
    }
    return new GivenFields(texts, flags);
  }

  /** Of what is a key of a job the place is said; a section most often stands for one key. */
  private static InputException unknown(String name, List<String> names) {
    InputError error = InputError.unknown("field", name, names).allowed(String.join(", ", names));
    boolean section = !JobKey.below(name).isEmpty();
    if (!names.contains(JOB) || !section && JobKey.ofPath(name).isEmpty()) {
      return error.refusal();
    }
    String key = JobKey.mainBelow(name).map(JobKey::path).orElse(name);
    return error
        .nearest(Optional.empty())
        .hint("keys of a job stand in ", JOB + ": " + JOB + "." + key)
        .refusal();
  }

  private static JobTexts texts(Map<String, ?> fields, GivenFields given) {
    return JobTexts.alone(TextFiles.of(fields.get(FILES)), JobParameters.as(given));
  }

  private static JobDocument job(Map<String, ?> fields) {
    if (!fields.containsKey(JOB)) {
      return JobDocument.empty();
    }
    Object raw = fields.get(JOB);
    if (!(raw instanceof Map<?, ?> map)) {
      throw InputError.about(new Item(JOB))
          .is(raw)
          .allowed("an object with the keys of a job")
          .refusal();
    }
    Map<String, Object> keys = new HashMap<>();
    map.forEach((key, value) -> keys.put(String.valueOf(key), value));
    return keys.isEmpty() ? JobDocument.empty() : JobDocumentReader.read(keys, Place.of(JOB));
  }
}

package dev.vramcast.server.mcp;

import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.schema.JobSchema;
import dev.vramcast.answers.schema.RequestSchema;
import dev.vramcast.core.job.document.JobKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What tools take and give. An assistant reads the schemas of all tools before its user says a
 * word, so they spell out only the keys of a job that people ask about; {@link Guidance} names the
 * others.
 */
final class ToolSchemas {

  static final Set<JobKey> COMMON =
      EnumSet.of(
          JobKey.MODEL_ID,
          JobKey.METHOD,
          JobKey.LORA_RANK,
          JobKey.PRECISION,
          JobKey.OPTIMIZER_NAME,
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.SEQUENCE_LENGTH,
          JobKey.CHECKPOINTING,
          JobKey.ATTENTION,
          JobKey.LOSS,
          JobKey.STRATEGY,
          JobKey.FRAMEWORK_NAME,
          JobKey.GPU,
          JobKey.GPU_COUNT,
          JobKey.EXAMPLES,
          JobKey.TOKENS_PER_EXAMPLE,
          JobKey.EPOCHS,
          JobKey.TOKENS,
          JobKey.STEPS);

  /** Keys that name a file, which nobody opens here. */
  private static final Set<JobKey> FILES = EnumSet.of(JobKey.DATA_FILE, JobKey.TOKENIZER);

  private static final String TYPE = "type";
  private static final String DESCRIPTION = "description";
  private static final String PROPERTIES = "properties";

  /** What an assistant keeps to anyway, or what the description says too. */
  private static final List<String> UNSAID = List.of("minLength", "minItems", "pattern", "enum");

  private static final Map<String, Object> JOB_AS_IN_FIRST =
      Map.of(
          TYPE,
          "object",
          DESCRIPTION,
          "The job, with the keys that tool fit explains, as in {\"model\": {\"id\": \"gpt2\"},"
              + " \"hardware\": {\"gpu\": \"l4\"}}");

  private static final Map<String, Object> FILES_AS_IN_FIRST =
      Map.of(
          TYPE,
          "array",
          "items",
          Map.of(TYPE, "object"),
          DESCRIPTION,
          "Training files by name and text, as in tool fit.");

  private ToolSchemas() {}

  /** The keys that may be given here. */
  static List<JobKey> keys() {
    return Arrays.stream(JobKey.values()).filter(key -> !FILES.contains(key)).toList();
  }

  /**
   * What a tool takes. What tools about a job share is spelled out in the first of them.
   *
   * @param hub whether the Hub may be asked, which alone knows revisions
   */
  static Map<String, Object> input(Operation operation, boolean hub) {
    boolean first = operation.equals(Tools.OFFERED.get(0));
    Map<String, Object> schema =
        new LinkedHashMap<>(RequestSchema.of(operation, first ? commonJob() : JOB_AS_IN_FIRST));
    // The tool says the same.
    schema.remove("description");
    Map<String, Object> properties = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(schema.get(PROPERTIES)))
        .forEach((name, value) -> properties.put(String.valueOf(name), plain((Map<?, ?>) value)));
    if (operation.subject() == Subject.JOB && !first) {
      properties.replace(FieldReader.FILES, FILES_AS_IN_FIRST);
    }
    if (!hub) {
      properties.remove(JobParameters.REVISION.field());
    }
    schema.put(PROPERTIES, properties);
    return schema;
  }

  /** With one type where several are taken: some assistants know no more, and all can say it so. */
  private static Map<String, Object> plain(Map<?, ?> value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    value.forEach((name, what) -> schema.put(String.valueOf(name), what));
    UNSAID.forEach(schema::remove);
    if (schema.get(TYPE) instanceof List<?> types) {
      schema.put(TYPE, types.get(0));
      schema.remove("items");
    }
    return schema;
  }

  private static Map<String, Object> commonJob() {
    Map<String, Object> job = JobSchema.of(COMMON);
    job.put(DESCRIPTION, "The job. Further keys: " + Guidance.JOB_SCHEMA);
    return job;
  }
}

package dev.vramcast.formats.jobdocument;

import dev.vramcast.core.job.document.JobDocument;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes job documents, in the order of the keys. */
public final class JobDocumentWriter {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private JobDocumentWriter() {}

  public static String toYaml(JobDocument document) {
    return YAML.writeValueAsString(document.toMap());
  }

  public static String toJson(JobDocument document) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document.toMap());
  }
}

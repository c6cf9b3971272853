package dev.vramcast.input.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads records of data sets token by token, so that what is passed over is not kept. A text may be
 * as long as the line it stands in, whose length is bounded already.
 */
public final class JsonRecords {

  private static final int DEEPEST = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonRecords() {}

  /** The tokens of one record. */
  public static JsonParser parser(byte[] record) {
    return FACTORY.createParser(ObjectReadContext.empty(), record);
  }
}

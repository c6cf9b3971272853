package dev.vramcast.server.mcp;

import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import java.util.Map;

/** Takes answers to be as their schemas say, which tests make sure of. */
final class NoSchemaValidation implements JsonSchemaValidator {

  @Override
  public ValidationResponse validate(Map<String, Object> schema, Object content) {
    return ValidationResponse.asValid(null);
  }
}

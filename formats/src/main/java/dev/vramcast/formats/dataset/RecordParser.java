package dev.vramcast.formats.dataset;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/** Reads the text out of one record, a JSON object; what is not trained on is skipped. */
final class RecordParser {

  private static final int MOST_NAMES_SHOWN = 8;

  private final JsonParser parser;
  private final byte[] line;
  private final Place.Line place;

  private RecordParser(JsonParser parser, byte[] line, Place.Line place) {
    this.parser = parser;
    this.line = line;
    this.place = place;
  }

  /**
   * The example in a line.
   *
   * @param place of the line, for messages
   */
  static Example parse(byte[] line, Place.Line place) {
    try (JsonParser parser = JsonRecords.parser(line)) {
      return new RecordParser(parser, line, place).record();
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      String said = Shown.oneLine(reason.replaceFirst("( \\(|: was expecting).*", ""));
      throw failure("not a JSON object: " + said, e.getLocation(), line, place).refusal(e);
    }
  }

  private Example record() {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY) {
      throw failure("holds a list, expected one JSON object a line, as jq -c '.[]' writes it");
    }
    if (first != JsonToken.START_OBJECT) {
      throw failure("expected one JSON object a line");
    }
    Map<String, FieldText> fields = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    while (next() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      next();
      if (names.size() < MOST_NAMES_SHOWN) {
        names.add(Shown.given(name));
      }
      if (Shapes.isField(name) && parser.currentToken() != JsonToken.VALUE_NULL) {
        fields.put(name, field(name));
      } else {
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw failure("text after the JSON object, expected one object a line");
    }
    return Shapes.find(fields).orElseThrow(() -> unknown(names));
  }

  private InputException unknown(List<String> names) {
    String has = names.isEmpty() ? "no fields" : "the fields " + String.join(", ", names);
    return InputError.of("has ", has, "; looked for ", Shapes.known())
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(place.source(), place.line(), 1))
        .refusal();
  }

  private FieldText field(String name) {
    List<String> texts = new ArrayList<>();
    int messages = 0;
    int numbers = 0;
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      texts.add(parser.getString());
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (next() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          numbers++;
        } else {
          message(name, texts);
          messages++;
        }
      }
    } else {
      throw failure(name + " is neither text nor a list");
    }
    if (name.equals("input_ids") ? !texts.isEmpty() || messages > 0 : numbers > 0) {
      throw failure(name + " holds something else than " + (numbers > 0 ? "messages" : "tokens"));
    }
    return new FieldText(texts, messages, numbers);
  }

  /** A message: its text stands in {@code content} or {@code value}. */
  private void message(String name, List<String> texts) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw failure("a message in " + name + " is no object");
    }
    boolean found = false;
    while (next() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      next();
      if (key.equals("content") || key.equals("value")) {
        found = true;
        content(texts);
      } else {
        parser.skipChildren();
      }
    }
    if (!found) {
      throw failure("a message in " + name + " has neither content nor value");
    }
  }

  /** Text, nothing, or a list of parts of which those with a text count. */
  private void content(List<String> texts) {
    switch (parser.currentToken()) {
      case VALUE_STRING -> texts.add(parser.getString());
      case VALUE_NULL -> {}
      case START_ARRAY -> {
        while (next() != JsonToken.END_ARRAY) {
          part(texts);
        }
      }
      default -> throw failure("the content of a message is neither text nor a list");
    }
  }

  private void part(List<String> texts) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw failure("a part of a message is no object");
    }
    while (next() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (next() == JsonToken.VALUE_STRING && key.equals("text")) {
        texts.add(parser.getString());
      } else {
        parser.skipChildren();
      }
    }
  }

  private JsonToken next() {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw failure("the JSON object is cut off");
    }
    return token;
  }

  private InputException failure(String what) {
    return failure(what, parser.currentTokenLocation(), line, place).refusal();
  }

  /** A record is a line, in which Jackson counts bytes. */
  private static InputError failure(
      String what, TokenStreamLocation at, byte[] line, Place.Line place) {
    int bytes = at == null ? 0 : Math.min(at.getColumnNr() - 1, line.length);
    int column =
        bytes < 0 || at == null
            ? 0
            : new String(line, 0, bytes, StandardCharsets.UTF_8).length() + 1;
    return InputError.of(what)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(place.source(), place.line(), column));
  }
}

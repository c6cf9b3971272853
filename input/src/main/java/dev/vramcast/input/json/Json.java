package dev.vramcast.input.json;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Utf8;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads one JSON object into maps, lists, strings, {@link Long}s, {@link Double}s, booleans and
 * nulls. Refused, as an {@link InputException} that names the source and the position: anything but
 * one object, duplicate keys, nesting deeper than {@value #MAX_DEPTH}, more than four million
 * tokens, NaN, and whole numbers beyond 64 bits. {@code Infinity} is read, because published {@code
 * config.json} files contain it.
 */
public final class Json {

  static final int MAX_DEPTH = 64;
  private static final int MAX_TEXT = 1 << 20;
  private static final int MAX_DIGITS = 100;
  private static final long MAX_TOKENS = 4_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT)
                  .maxNumberLength(MAX_DIGITS)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private final Place.Line place;
  private final JsonParser parser;

  private final boolean takesNan;

  private Json(Place.Line place, JsonParser parser, boolean takesNan) {
    this.takesNan = takesNan;
    this.place = place;
    this.parser = parser;
  }

  /**
   * The object that is the whole of {@code content}.
   *
   * @param source names the content in messages
   */
  public static Map<String, Object> object(String source, byte[] content) {
    return object(Place.of(source), content);
  }

  /** The JSON object in a file of at most so many bytes. */
  public static Map<String, Object> object(Path file, int limit) {
    return object(file.toString(), BoundedFile.bytes(file, limit));
  }

  /** As {@link #object(String, byte[])}, of a whole text or one that is a line of it. */
  public static Map<String, Object> object(Place.Line place, byte[] content) {
    return object(place, content, false);
  }

  /** The same of what a program measured, in which NaN stands where there is no figure. */
  public static Map<String, Object> measured(Place.Line place, byte[] content) {
    return object(place, content, true);
  }

  /** The array that is the whole of {@code content}, as {@link #object(String, byte[])}. */
  public static List<Object> array(String source, byte[] content) {
    return whole(Place.of(source), content, false, JsonToken.START_ARRAY, Json::readArray);
  }

  private static Map<String, Object> object(Place.Line place, byte[] content, boolean takesNan) {
    return whole(place, content, takesNan, JsonToken.START_OBJECT, Json::readObject);
  }

  private static <T> T whole(
      Place.Line place,
      byte[] content,
      boolean takesNan,
      JsonToken start,
      Function<Json, T> reader) {
    String what = start == JsonToken.START_OBJECT ? "JSON object" : "JSON array";
    String text = Utf8.decode(content, place);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      Json json = new Json(place, parser, takesNan);
      if (parser.nextToken() != start) {
        throw InputError.of("holds no ", what).kind(ErrorKind.MALFORMED).at(place).refusal();
      }
      T read = reader.apply(json);
      if (parser.nextToken() != null) {
        throw json.failure("text after the " + what);
      }
      return read;
    } catch (JacksonException e) {
      throw InputError.of("not readable as JSON: ", Shown.oneLine(firstLine(e)))
          .kind(ErrorKind.MALFORMED)
          .at(place(place, e.getLocation()))
          .refusal(e);
    }
  }

  private Map<String, Object> readObject() {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      object.put(key, readValue());
    }
    return Collections.unmodifiableMap(object);
  }

  private List<Object> readArray() {
    List<Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(readValue());
    }
    return Collections.unmodifiableList(array);
  }

  private @Nullable Object readValue() {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw failure("the JSON is cut off");
    }
    return switch (token) {
      case START_OBJECT -> readObject();
      case START_ARRAY -> readArray();
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> readInteger();
      case VALUE_NUMBER_FLOAT -> readFraction();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw failure("unexpected " + token);
    };
  }

  private Object readInteger() {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
          throw failure(Shown.oneLine(parser.getString()) + " is beyond 64 bits");
    };
  }

  private Object readFraction() {
    double value = parser.getDoubleValue();
    if (Double.isNaN(value) && !takesNan) {
      throw failure("NaN is not a number that can be used");
    }
    return value;
  }

  private InputException failure(String what) {
    return InputError.of(what)
        .kind(ErrorKind.MALFORMED)
        .at(place(place, parser.currentLocation()))
        .refusal();
  }

  private static Place place(Place.Line whole, TokenStreamLocation at) {
    return at == null
        ? whole
        : Place.of(whole.source(), at.getLineNr(), at.getColumnNr()).within(whole);
  }

  /** Without the location, which is given apart, and may stand inside the sentence. */
  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" \\(start marker.*", "");
  }
}

package dev.vramcast.answers.page;

import dev.vramcast.answers.record.Key;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.record.Kind;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.record.Shape;
import dev.vramcast.answers.schema.RecordNames;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The records of answers as types of TypeScript. */
final class AnswerTypes {

  private static final String OR = " | ";

  private final StringBuilder source = new StringBuilder();
  private final Map<String, String> words = new TreeMap<>();

  private AnswerTypes() {}

  /** A module that exports them all. */
  static String of(RecordNames records) {
    AnswerTypes types = new AnswerTypes();
    records.all().forEach(types::add);
    StringBuilder module = new StringBuilder(PageSourcesTest.HEAD);
    module.append("import type { JobDocument, Json } from \"../state/job.ts\";\n");
    types.words.forEach(
        (name, union) -> module.append("\nexport type %s =%s;\n".formatted(name, union)));
    return module.append(types.source).toString();
  }

  private void add(String name, Keys keys) {
    source.append('\n');
    keys.description().ifPresent(text -> source.append("/** ").append(text).append(" */\n"));
    source.append("export interface ").append(name).append(" {\n");
    if (keys.isAnswer()) {
      line(RecordJson.VERSION, "string", false);
    }
    addKind(List.of(keys));
    addKeys(keys, false, false);
    source.append("}\n");
  }

  private void addKind(List<Keys> kinds) {
    String union =
        kinds.stream()
            .flatMap(kind -> kind.kind().stream())
            .map(kind -> '"' + kind.value() + '"')
            .collect(Collectors.joining(OR));
    kinds.stream()
        .flatMap(kind -> kind.kind().stream())
        .findFirst()
        .map(Kind::key)
        .ifPresent(key -> line(key, union, false));
  }

  /**
   * Adds the keys of a record.
   *
   * @param absent whether they may be missing together
   * @param orNull whether they may be null together
   */
  private void addKeys(Keys keys, boolean absent, boolean orNull) {
    for (Key key : keys.all()) {
      boolean missing = absent || key.shape() instanceof Shape.OrAbsent;
      if (key.isInline()) {
        List<Keys> kinds = key.whole().orElseThrow().kinds();
        addKind(kinds);
        boolean nulls = orNull || key.shape() instanceof Shape.OrNull;
        kinds.forEach(kind -> addKeys(kind, missing || kinds.size() > 1, nulls));
        continue;
      }
      key.description().ifPresent(text -> source.append("  /** ").append(text).append(" */\n"));
      String type = type(key.shape());
      line(key.name(), orNull && !type.endsWith("null") ? type + OR + "null" : type, missing);
    }
  }

  private void line(String name, String type, boolean missing) {
    source
        .append("  readonly ")
        .append(name)
        .append(missing ? "?: " : ": ")
        .append(type)
        .append(";\n");
  }

  private String type(Shape shape) {
    if (shape instanceof Shape.Plain plain) {
      return switch (plain) {
        case BOOLEAN -> "boolean";
        case INTEGER, NUMBER -> "number";
        case STRING -> "string";
      };
    }
    if (shape instanceof Shape.Told told) {
      return type(told.as());
    }
    if (shape instanceof Shape.Words union) {
      return name(union);
    }
    if (shape instanceof Shape.Job) {
      return "JobDocument";
    }
    if (shape instanceof Shape.Items items) {
      String item = type(items.item());
      return "readonly " + (item.contains(" ") ? "(" + item + ")" : item) + "[]";
    }
    if (shape instanceof Shape.Table table) {
      return "Readonly<Record<string, " + type(table.value()) + ">>";
    }
    if (shape instanceof Shape.OrNull maybe) {
      return type(maybe.shape()) + OR + "null";
    }
    if (shape instanceof Shape.OrAbsent maybe) {
      return type(maybe.shape());
    }
    return shape instanceof Shape.Whole whole
        ? whole.kinds().stream().map(RecordNames::name).collect(Collectors.joining(OR))
        : "Json";
  }

  /** A union has the name of its enum, behind that of the class around it. */
  private String name(Shape.Words union) {
    Class<?> around = union.type().getEnclosingClass();
    String name = (around == null ? "" : around.getSimpleName()) + union.type().getSimpleName();
    String all =
        union.all().stream().map(word -> "\n  | \"" + word + '"').collect(Collectors.joining());
    words.put(name, all);
    return name;
  }
}

package dev.vramcast.answers.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.request.DocumentPaths;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.Knob;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.Roles;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.core.plan.setting.Variant;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.formats.writers.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The keys of a job, and the words for what an answer names, as modules of TypeScript. */
final class PageWords {

  private PageWords() {}

  /** All keys that name no file. */
  static String keys() {
    String keys =
        Arrays.stream(JobKey.values())
            .filter(key -> !DocumentPaths.KEYS.contains(key))
            .map(PageWords::key)
            .collect(Collectors.joining());
    return PageSourcesTest.HEAD
        + """
        /** A key of the job document. */
        export interface JobKey {
          /** How its text becomes a value. */
          readonly kind: "text" | "number" | "boolean" | "list";
          /** What it is. */
          readonly description: string;
          /** What people call it; its path where they call it nothing else. */
          readonly label: string;
          /** All values, where there are a few. */
          readonly options?: readonly string[];
          /** How it is set, where it is one of those that most people set. */
          readonly knob?: Knob;
        }

        /** Where a knob stands, and the values that a slider stops at, where it is a number. */
        export interface Knob {
          readonly panel: Panel;
          readonly unit: string;
          readonly stops: readonly number[];
        }

        """
        + panels()
        + """

        /** Keys of the job document that the page may hold. */
        export const KEYS: ReadonlyMap<string, JobKey> = new Map<string, JobKey>([
        """
        + keys
        + "]);\n"
        + """

        /** What the page calls fields that are said beside the job. */
        export const FIELDS: ReadonlyMap<string, string> = new Map([
        """
        + fields()
        + "]);\n"
        + """

        /** Settings that the plan searches through. */
        export const SEARCHED: readonly string[] = [
        """
        + Variant.KEYS.stream()
            .map(key -> "  " + text(key.path()) + ",\n")
            .collect(Collectors.joining())
        + "];\n";
  }

  /** Fields of all operations, of which one of a name has one title. */
  private static String fields() {
    Map<String, String> titles = new TreeMap<>();
    for (Operation operation : Operations.ALL) {
      for (Parameter parameter : FieldReader.parameters(operation)) {
        String earlier = titles.put(parameter.field(), parameter.title());
        assertThat(parameter.title())
            .as(operation.name() + ": " + parameter.field())
            .isEqualTo(earlier == null ? parameter.title() : earlier);
      }
    }
    return titles.entrySet().stream()
        .map(each -> "  [%s, %s],\n".formatted(text(each.getKey()), text(each.getValue())))
        .collect(Collectors.joining());
  }

  private static String key(JobKey key) {
    ValueKind kind = key.kind();
    StringBuilder source = new StringBuilder("  [\n    \"").append(key.path()).append("\",\n");
    source.append("    {\n      kind: \"").append(type(kind)).append("\",\n");
    source.append("      description: ").append(text(key.description())).append(",\n");
    source.append("      label: ").append(text(key.label())).append(",\n");
    List<String> options = options(key);
    if (!options.isEmpty()) {
      source.append("      options: ").append(list(options)).append(",\n");
    }
    key.knob().ifPresent(knob -> source.append("      knob: ").append(knob(knob)).append(",\n"));
    return source.append("    },\n  ],\n").toString();
  }

  private static List<String> options(JobKey key) {
    if (key == JobKey.FRAMEWORK_NAME) {
      return Frameworks.names();
    }
    return key.kind() instanceof ValueKind.Choice choice ? choice.words() : List.of();
  }

  private static String knob(Knob knob) {
    return "{ panel: %s, unit: %s, stops: %s }"
        .formatted(text(word(knob.panel())), text(knob.unit()), knob.stops());
  }

  /** The panels, each with what it is. */
  private static String panels() {
    return Arrays.stream(Knob.Panel.values())
        .map(panel -> "\n  | " + text(word(panel)))
        .collect(
            Collectors.joining(
                "", "/** Knobs that stand together. */\nexport type Panel =", ";\n"));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String type(ValueKind kind) {
    if (kind instanceof ValueKind.Whole || kind instanceof ValueKind.Decimal) {
      return "number";
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return "boolean";
    }
    boolean list =
        kind instanceof ValueKind.Choices
            || kind instanceof ValueKind.Words
            || kind instanceof ListOf
            || kind instanceof Roles;
    return list ? "list" : "text";
  }

  /** Labels of categories and phases, and formats of files that are written. */
  static String words() {
    return PageSourcesTest.HEAD
        + "/** Labels of categories, in the order in which they are stacked. */\n"
        + labels("CATEGORIES", Category.values(), Category::label)
        + "\n/** Labels of the phases of a step, in their order. */\n"
        + labels("PHASES", Phase.values(), Phase::label)
        + "\n/** Formats of files that a job is written as. */\n"
        + "export const FORMATS: readonly string[] = [\n"
        + Selection.names().stream()
            .map(name -> "  " + text(name) + ",\n")
            .collect(Collectors.joining())
        + "];\n"
        + "\n/** Methods that most people choose from. */\n"
        + "export const METHODS: readonly string[] = [\n"
        + Method.USUAL.stream()
            .map(method -> "  " + text(method.label()) + ",\n")
            .collect(Collectors.joining())
        + "];\n";
  }

  private static <T extends Enum<T>> String labels(
      String name, T[] constants, Function<T, String> label) {
    return "export const %s: ReadonlyMap<string, string> = new Map([\n".formatted(name)
        + Arrays.stream(constants)
            .map(
                each ->
                    "  [\"%s\", %s],\n"
                        .formatted(each.name().toLowerCase(Locale.ROOT), text(label.apply(each))))
            .collect(Collectors.joining())
        + "]);\n";
  }

  private static String list(List<String> words) {
    return words.stream().map(PageWords::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String text(String raw) {
    return '"' + raw.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

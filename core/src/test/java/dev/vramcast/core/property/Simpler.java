package dev.vramcast.core.property;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Simpler values in place of one of a document; each chain of them ends. */
final class Simpler {

  private Simpler() {}

  /**
   * Those that are a step away, the largest step first.
   *
   * @param plain as a file holds it
   * @param words what texts are chosen from, the simplest first; empty where they are free
   */
  static Stream<Object> than(Object plain, List<String> words) {
    if (plain instanceof Boolean yes) {
      return yes ? Stream.of(false) : Stream.empty();
    }
    if (plain instanceof Integer || plain instanceof Long) {
      return wholes(((Number) plain).longValue());
    }
    if (plain instanceof Number number) {
      return decimals(number.doubleValue());
    }
    if (plain instanceof Map<?, ?> map) {
      return maps(map);
    }
    if (plain instanceof List<?> list) {
      return lists(list, words);
    }
    return plain instanceof String text ? texts(text, words) : Stream.empty();
  }

  /** Nothing, one, and then ever nearer: half of it gone, a quarter, an eighth, at last one. */
  private static Stream<Object> wholes(long number) {
    return LongStream.concat(
            LongStream.of(0, 1),
            LongStream.iterate(number / 2, less -> less != 0, less -> less / 2)
                .map(less -> number - less))
        .filter(smaller -> Math.abs(smaller) < Math.abs(number))
        .distinct()
        .mapToObj(smaller -> smaller);
  }

  private static Stream<Object> decimals(double number) {
    return Stream.of(0.0, 1.0, Math.rint(number / 2), Math.rint(number))
        .filter(smaller -> Math.abs(smaller) < Math.abs(number))
        .distinct()
        .map(Object.class::cast);
  }

  private static Stream<Object> maps(Map<?, ?> map) {
    return Stream.concat(
        map.keySet().stream().map(key -> changed(map, key, Stream.empty())),
        map.entrySet().stream()
            .flatMap(
                entry ->
                    than(entry.getValue(), List.of())
                        .map(value -> changed(map, entry.getKey(), Stream.of(value)))));
  }

  private static Object changed(Map<?, ?> map, Object key, Stream<Object> value) {
    Map<Object, Object> copy = new LinkedHashMap<>(map);
    copy.remove(key);
    value.forEach(some -> copy.put(key, some));
    return copy;
  }

  private static Stream<Object> lists(List<?> list, List<String> words) {
    Stream<Object> shorter = indices(list).mapToObj(i -> changed(list, i, Stream.empty()));
    Stream<Object> simpler =
        indices(list)
            .boxed()
            .flatMap(
                i -> than(list.get(i), words).map(value -> changed(list, i, Stream.of(value))));
    return Stream.concat(shorter, simpler);
  }

  private static IntStream indices(List<?> list) {
    return IntStream.range(0, list.size());
  }

  private static Object changed(List<?> list, int index, Stream<Object> value) {
    List<Object> copy = new ArrayList<>(list);
    copy.remove(index);
    value.forEach(some -> copy.add(index, some));
    return copy;
  }

  private static Stream<Object> texts(String text, List<String> words) {
    int half = text.length() / 2;
    return words.isEmpty()
        ? Stream.of(text.substring(0, half), text.substring(half))
            .filter(part -> part.length() < text.length())
            .map(Object.class::cast)
        : words.stream().takeWhile(word -> !word.equals(text)).map(Object.class::cast);
  }
}

package dev.vramcast.core.job.code;

import java.util.LinkedHashMap;
import java.util.Map;

/** The facts about a framework's code while its rules state them; a later rule wins. */
public final class CodeFacts {

  private final Map<CodeKey<?>, CodeFact> facts = new LinkedHashMap<>();

  /**
   * States one.
   *
   * @param place the framework and the file, with the function where one decides
   */
  public <T> void state(CodeKey<T> key, T value, String place) {
    facts.put(key, new CodeFact(key.name(), value, place));
  }

  /** What they say. */
  public FrameworkCode code() {
    return FrameworkCode.of(facts);
  }
}

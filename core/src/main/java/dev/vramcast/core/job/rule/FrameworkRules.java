package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The defaults of one training framework: a table of rules over the table it builds on. A key
 * without a rule falls through, at last to the default of the job document.
 */
public final class FrameworkRules {

  private final String name;
  private final Optional<FrameworkRules> base;
  private final Map<JobKey, Rule> rules = new EnumMap<>(JobKey.class);

  private FrameworkRules(String name, Optional<FrameworkRules> base) {
    this.name = name;
    this.base = base;
  }

  static Table table(String name) {
    return new Table(new FrameworkRules(name, Optional.empty()));
  }

  /** Starts a table that overrides this one. */
  public Table derive(String derivedName) {
    return new Table(new FrameworkRules(derivedName, Optional.of(this)));
  }

  public String name() {
    return name;
  }

  /** Whether this table is another one or starts from it. */
  public boolean isBuiltOn(FrameworkRules other) {
    return this == other || base.filter(table -> table.isBuiltOn(other)).isPresent();
  }

  /** The value of a key that the user left out. */
  Optional<Rule.Settled> settle(JobKey key, PartialJob partial) {
    return Optional.ofNullable(rules.get(key))
        .flatMap(rule -> rule.settle(partial))
        .or(() -> base.flatMap(table -> table.settle(key, partial)));
  }

  /** Fills a table; each source is a path in the framework's repository. */
  public static final class Table {

    private final FrameworkRules rules;

    private Table(FrameworkRules rules) {
      this.rules = rules;
    }

    public Table is(JobKey key, Object value, String source) {
      return rule(key, framework(source, partial -> value));
    }

    public Table does(JobKey key, String source, Function<PartialJob, Object> value) {
      return rule(key, framework(source, value));
    }

    /** Trains all weights unless adapter keys or a quantised base ask for adapters. */
    public Table trainsInFull(String source) {
      return rule(
          JobKey.METHOD,
          CommonRules.ADAPTERS_ASKED_FOR.or(framework(source, partial -> Method.FULL)));
    }

    public Table rule(JobKey key, Rule rule) {
      rules.rules.put(key, rule);
      return this;
    }

    public FrameworkRules done() {
      return rules;
    }

    private Rule framework(String source, Function<PartialJob, Object> value) {
      return Rule.framework(rules.name + ": " + source, value);
    }
  }
}

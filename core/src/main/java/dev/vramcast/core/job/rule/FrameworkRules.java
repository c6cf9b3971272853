package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.CodeFacts;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One training framework: the defaults of its settings and the facts about its code, as a table of
 * rules over the table it builds on. A key without a rule falls through, at last to the default of
 * the job document; a fact, to what holds under most frameworks.
 */
public final class FrameworkRules {

  private final String name;
  private final Optional<FrameworkRules> base;
  private final Map<JobKey, Rule> rules = new EnumMap<>(JobKey.class);
  private final Map<JobKey, List<Object>> limits = new EnumMap<>(JobKey.class);
  private final List<BiConsumer<CodeFacts, Framework>> statements = new ArrayList<>();

  private final Set<JobKey> left = EnumSet.noneOf(JobKey.class);

  /** Facts that this table states; empty where versions decide. */
  private final Map<CodeKey<?>, Optional<Object>> always = new HashMap<>();

  private Optional<JobKey> versionKey = Optional.empty();

  private FrameworkRules(String name, Optional<FrameworkRules> base) {
    this.name = name;
    this.base = base;
  }

  /** Starts a table over none. */
  public static Table table(String name) {
    return new Table(new FrameworkRules(name, Optional.empty()));
  }

  /** Starts a table that overrides this one. */
  public Table derive(String derivedName) {
    return new Table(new FrameworkRules(derivedName, Optional.of(this)));
  }

  public String name() {
    return name;
  }

  /** The key that states its version beside {@code framework.version}. */
  Optional<JobKey> versionKey() {
    return versionKey;
  }

  /** The only values that its code has of some keys, the tables below it included. */
  Map<JobKey, List<Object>> limits() {
    Map<JobKey, List<Object>> all = new EnumMap<>(JobKey.class);
    base.ifPresent(table -> all.putAll(table.limits()));
    all.putAll(limits);
    return all;
  }

  /** Whether its users set a key as most people do, where nothing is said of it. */
  boolean leavesOpen(JobKey key) {
    return !left.contains(key) && base.map(table -> table.leavesOpen(key)).orElse(true);
  }

  /** Whether the code does this at every version, so that it is known before versions are. */
  boolean always(CodeKey<Boolean> key) {
    Optional<Object> own = always.get(key);
    return own == null
        ? base.map(table -> table.always(key)).orElse(false)
        : own.equals(Optional.of(true));
  }

  /** The value of a key that the user left out. */
  Optional<Rule.Resolved> resolve(JobKey key, PartialJob partial) {
    Rule rule = rules.get(key);
    Optional<Rule.Resolved> value = rule == null ? Optional.empty() : rule.resolve(partial);
    return value.isPresent() || base.isEmpty() ? value : base.get().resolve(key, partial);
  }

  /** What the framework's code does at its version and those of the libraries below it. */
  public FrameworkCode code(Framework versions) {
    CodeFacts facts = new CodeFacts();
    state(facts, versions);
    return facts.code();
  }

  private void state(CodeFacts facts, Framework versions) {
    base.ifPresent(table -> table.state(facts, versions));
    statements.forEach(statement -> statement.accept(facts, versions));
  }

  /** Fills a table; each source is a path in the framework's repository. */
  public static final class Table {

    private final FrameworkRules rules;

    private Table(FrameworkRules rules) {
      this.rules = rules;
    }

    /** Its version has a key of its own, since other frameworks run it too. */
    public Table versionedBy(JobKey key) {
      rules.versionKey = Optional.of(key);
      return this;
    }

    /** Keys that its users leave out in practice, so that its own defaults hold for them. */
    public Table leftOut(JobKey... keys) {
      rules.left.addAll(List.of(keys));
      return this;
    }

    /** Values of a key beside which its code has none, so that others are not modelled. */
    public Table has(JobKey key, Object... values) {
      rules.limits.put(key, List.of(values));
      return this;
    }

    public Table is(JobKey key, Object value, String source) {
      return rule(key, framework(source, partial -> value));
    }

    public Table does(JobKey key, String source, Function<PartialJob, Object> value) {
      return rule(key, framework(source, value));
    }

    /** What holds where a condition does; elsewhere the table below is asked. */
    public Table doesWhen(
        JobKey key,
        Predicate<PartialJob> condition,
        String source,
        Function<PartialJob, Object> value) {
      return rule(key, framework(source, value).when(condition));
    }

    /** The strategy that a job on several GPUs is started with. */
    public Table spreads(String source, Function<PartialJob, Object> strategy) {
      return doesWhen(JobKey.STRATEGY, d -> d.whole(JobKey.GPU_COUNT) > 1, source, strategy);
    }

    /** A rule that is asked before the one that the table has for the key. */
    public Table first(JobKey key, Rule rule) {
      return rule(key, Optional.ofNullable(rules.rules.get(key)).map(rule::or).orElse(rule));
    }

    /** A fact about the code at every version. */
    public <T> Table is(CodeKey<T> key, T value, String source) {
      does(key, source, versions -> value);
      rules.always.put(key, Optional.of(value));
      return this;
    }

    /** A fact that versions decide: the framework's own, or those of the libraries below it. */
    public <T> Table does(CodeKey<T> key, String source, Function<Framework, T> value) {
      String place = rules.name + ": " + source;
      rules.always.put(key, Optional.empty());
      rules.statements.add((facts, versions) -> facts.state(key, value.apply(versions), place));
      return this;
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

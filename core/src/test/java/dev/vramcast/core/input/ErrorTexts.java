package dev.vramcast.core.input;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** That an error is read by its parts, for the tests of all modules. */
public final class ErrorTexts {

  private static final String HOME = "dev.vramcast.core.input";

  /** Who may ask a failure that can be an error for its text, and why. */
  private static final Map<String, String> MAY_ASK =
      Map.of(
          "dev.vramcast.core.input.Shown", "tells what another library says",
          "dev.vramcast.server.work.Mistakes", "writes the log of mistakes of the program",
          "dev.vramcast.tokenizer.TokenizerProcess", "tells what the tokenizers library says");

  /** Who may put something before or behind the text of an error, and what. */
  private static final Map<String, String> MAY_JOIN =
      Map.of(
          "dev.vramcast.cli.console.Console", "the name of the program, and that it is a warning",
          "dev.vramcast.server.mcp.ToolAnswer", "that it is a warning",
          "dev.vramcast.spark.SweepJob", "the name of the program");

  private static final Set<String> TEXTS = Set.of("getMessage", "getLocalizedMessage", "toString");

  /** What makes a text of an error or of a part of one. */
  private static final Map<String, Set<String>> RENDERING =
      Map.of(
          HOME + ".InputError", Set.of("line", "sentence", "toString"),
          HOME + ".Notice", Set.of("line", "sentence", "toString"),
          HOME + ".Gap", Set.of("toString"),
          HOME + ".Phrase", Set.of("text", "toString"),
          HOME + ".Shown", Set.of("cause"));

  /** What looks into a text. */
  private static final Set<String> LOOKING =
      Set.of(
          "startsWith",
          "endsWith",
          "contains",
          "indexOf",
          "lastIndexOf",
          "split",
          "matches",
          "regionMatches",
          "equals",
          "equalsIgnoreCase",
          "contentEquals",
          "compareTo",
          "substring",
          "subSequence",
          "charAt",
          "chars",
          "codePoints",
          "lines",
          "replace",
          "replaceAll",
          "replaceFirst",
          "hashCode");

  private ErrorTexts() {}

  /** Checks all rules. */
  public static void check(JavaClasses classes) {
    nobodyAsks().check(classes);
    nobodyLooks().check(classes);
    nobodyJoins().check(classes);
  }

  /** Nobody asks a failure that may be one of ours for its text. */
  public static ArchRule nobodyAsks() {
    return ArchRuleDefinition.noClasses()
        .that(
            DescribedPredicate.describe(
                "are not allowed to",
                (JavaClass each) -> !MAY_ASK.containsKey(outermost(each)) && !isRefusal(each)))
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "the text of a failure is asked for", ErrorTexts::asksForText))
        .because("an error has parts, which each surface puts into its own words")
        .allowEmptyShould(true);
  }

  /** Nobody looks into a text that it made of an error. */
  public static ArchRule nobodyLooks() {
    return ArchRuleDefinition.codeUnits()
        .that(
            DescribedPredicate.describe(
                "make no errors", (JavaCodeUnit unit) -> !isHome(outermost(unit.getOwner()))))
        .should(
            new ArchCondition<>("look into no text of an error") {
              @Override
              public void check(JavaCodeUnit unit, ConditionEvents events) {
                Set<JavaCall<?>> calls = Set.copyOf(unit.getCallsFromSelf());
                calls.stream()
                    .filter(ErrorTexts::looks)
                    .filter(call -> calls.stream().anyMatch(ErrorTexts::renders))
                    .forEach(
                        call ->
                            events.add(SimpleConditionEvent.violated(unit, call.getDescription())));
              }
            })
        .allowEmptyShould(true);
  }

  /** Nobody makes a text of an error part of another, but what puts it before somebody's eyes. */
  public static ArchRule nobodyJoins() {
    return ArchRuleDefinition.classes()
        .that(
            DescribedPredicate.describe(
                "show no errors",
                (JavaClass each) ->
                    !MAY_JOIN.containsKey(outermost(each)) && !isHome(outermost(each))))
        .should(
            new ArchCondition<>("join no text of an error with another") {
              private ErrorJoins joins = new ErrorJoins(List.of());

              @Override
              public void init(Collection<JavaClass> all) {
                joins = new ErrorJoins(all);
              }

              @Override
              public void check(JavaClass type, ConditionEvents events) {
                joins
                    .of(type)
                    .forEach(
                        method ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    type, type.getName() + "." + method + " joins one")));
              }
            })
        .allowEmptyShould(true);
  }

  private static boolean asksForText(JavaCall<?> call) {
    JavaClass owner = call.getTargetOwner();
    return TEXTS.contains(call.getName())
        && (isRefusal(owner)
            || List.of(Throwable.class, Exception.class, RuntimeException.class).stream()
                .anyMatch(owner::isEquivalentTo));
  }

  private static boolean isRefusal(JavaClass each) {
    return each.isEquivalentTo(InputException.class)
        || each.isEquivalentTo(UnsupportedJobException.class)
        || each.isEquivalentTo(Refusal.class);
  }

  private static boolean renders(JavaCall<?> call) {
    return RENDERING
        .getOrDefault(call.getTargetOwner().getName(), Set.of())
        .contains(call.getName());
  }

  private static boolean looks(JavaCall<?> call) {
    JavaClass owner = call.getTargetOwner();
    return owner.isEquivalentTo(String.class) && LOOKING.contains(call.getName())
        || owner.isEquivalentTo(Pattern.class)
        || owner.isEquivalentTo(Matcher.class);
  }

  /** The parts of errors themselves; tests beside them are not. */
  private static boolean isHome(String name) {
    return RENDERING.containsKey(name);
  }

  private static String outermost(JavaClass each) {
    int inner = each.getName().indexOf('$');
    return inner < 0 ? each.getName() : each.getName().substring(0, inner);
  }
}

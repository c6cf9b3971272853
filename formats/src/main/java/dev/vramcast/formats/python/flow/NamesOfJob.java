package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that a program hands to what makes a job, {@code LoraConfig(target_modules=names)}, and
 * those that what it hands is made of.
 */
final class NamesOfJob {

  private static final Pattern MAKES =
      Pattern.compile("\\w*(?:Config|Arguments)|get_peft_model|from_pretrained");

  /** Names that are made of others, and these of others. */
  private static final int MOST_PASSES = 3;

  private NamesOfJob() {}

  static Set<String> in(Statements statements) {
    List<Token> tokens = statements.tokens();
    int[] closing = Statements.closing(tokens);
    Set<String> names = new HashSet<>();
    int behind = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      boolean call = i >= behind && tokens.get(i + 1).is("(");
      boolean declared = i > 0 && Statements.declares(tokens.get(i - 1));
      if (call && !declared && MAKES.matcher(tokens.get(i).text()).matches()) {
        behind = Math.min(closing[i + 1], tokens.size());
        add(tokens, i + 2, behind, names);
      }
    }
    int before = -1;
    for (int pass = 0; pass < MOST_PASSES && before != names.size(); pass++) {
      before = names.size();
      for (int i = 0; i < tokens.size(); i++) {
        if (statements.isAssigned(i, i) && names.contains(tokens.get(i).text())) {
          add(tokens, i + 2, statements.lineEnd(i), names);
        }
      }
    }
    return names;
  }

  /** Names that stand for themselves: no keywords, no parts, and nothing that is called. */
  private static void add(List<Token> tokens, int from, int to, Set<String> names) {
    for (int i = from; i < to; i++) {
      Token behind = tokens.get(Math.min(i + 1, tokens.size() - 1));
      boolean plain = !behind.is("=") && !behind.is("(") && !behind.is(".");
      if (tokens.get(i).kind() == Kind.NAME && !tokens.get(i - 1).is(".") && plain) {
        names.add(tokens.get(i).text());
      }
    }
  }
}

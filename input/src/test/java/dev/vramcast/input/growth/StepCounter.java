package dev.vramcast.input.growth;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Puts a count of each method that is entered and each loop that goes round into a class. */
final class StepCounter extends ClassVisitor {

  private static final String STEPS = Steps.class.getName().replace('.', '/');
  private static final String TEXT = "java/lang/String";
  private static final Set<String> OF_TEXT =
      Set.of("indexOf", "lastIndexOf", "contains", "matches", "replaceAll", "replaceFirst");

  StepCounter(ClassVisitor next) {
    super(Opcodes.ASM9, next);
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    return new Methods(super.visitMethod(access, name, descriptor, signature, exceptions));
  }

  private static final class Methods extends MethodVisitor {

    private final Set<Label> behind = new HashSet<>();

    Methods(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      step();
    }

    @Override
    public void visitLabel(Label label) {
      behind.add(label);
      super.visitLabel(label);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      if (behind.contains(label)) {
        step();
      }
      super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      boolean counted =
          owner.equals(TEXT) && OF_TEXT.contains(name) && hasCounted(name, descriptor)
              || owner.equals("java/util/regex/Pattern") && name.equals("matcher");
      boolean ofList =
          name.equals("contains")
              && (owner.equals("java/util/List") || owner.endsWith("ArrayList"));
      if (opcode != Opcodes.INVOKESTATIC && counted) {
        replace(name, "(L" + owner + ";" + descriptor.substring(1));
      } else if (opcode != Opcodes.INVOKESTATIC && ofList) {
        replace(name, "(Ljava/util/Collection;" + descriptor.substring(1));
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    /** The last index before a place is asked for by nobody who goes through a text. */
    private static boolean hasCounted(String name, String descriptor) {
      return !name.equals("lastIndexOf")
          || !descriptor.contains("II)") && !descriptor.contains(";I)");
    }

    private void step() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "step", "()V", false);
    }

    private void replace(String name, String descriptor) {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, name, descriptor, false);
    }
  }
}

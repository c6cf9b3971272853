package dev.vramcast.linker;

import java.util.Map;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * How a value on the stack becomes one of another type between a lambda's method and what it calls,
 * as the class comment of {@code java.lang.invoke.LambdaMetafactory} says.
 */
final class Conversion {

  private static final String OBJECT = "java/lang/Object";

  /** Rising, as numbers are made wider. */
  private static final String WIDTHS = "BSIJFD";

  private static final Map<Integer, String> BOXES =
      Map.of(
          Type.BOOLEAN, "java/lang/Boolean",
          Type.CHAR, "java/lang/Character",
          Type.BYTE, "java/lang/Byte",
          Type.SHORT, "java/lang/Short",
          Type.INT, "java/lang/Integer",
          Type.LONG, "java/lang/Long",
          Type.FLOAT, "java/lang/Float",
          Type.DOUBLE, "java/lang/Double");

  private static final Type[] PRIMITIVES = {
    Type.BOOLEAN_TYPE,
    Type.CHAR_TYPE,
    Type.BYTE_TYPE,
    Type.SHORT_TYPE,
    Type.INT_TYPE,
    Type.LONG_TYPE,
    Type.FLOAT_TYPE,
    Type.DOUBLE_TYPE
  };

  private Conversion() {}

  /**
   * Writes a conversion.
   *
   * @param given the type on the stack
   * @param wanted the type that is left there
   * @param exact what the given one is known to be, where it is an erased type variable
   */
  static void write(MethodVisitor code, Type given, Type wanted, Type exact) {
    if (wanted.getSort() == Type.VOID) {
      drop(code, given);
    } else if (isPrimitive(given)) {
      fromPrimitive(code, given, wanted);
    } else {
      Type known = isPrimitive(exact) ? given : exact;
      if (isPrimitive(wanted)) {
        unbox(code, given, known, wanted);
      } else {
        cast(code, given, known);
        cast(code, known, wanted);
      }
    }
  }

  private static void drop(MethodVisitor code, Type given) {
    if (given.getSize() > 0) {
      code.visitInsn(given.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    }
  }

  private static void fromPrimitive(MethodVisitor code, Type given, Type wanted) {
    if (isPrimitive(wanted)) {
      widen(code, given, wanted);
      return;
    }
    Type boxed = given;
    for (Type primitive : PRIMITIVES) {
      if (box(primitive).equals(wanted)) {
        boxed = primitive;
      }
    }
    widen(code, given, boxed);
    String owner = box(boxed).getInternalName();
    String made = Type.getMethodDescriptor(Type.getObjectType(owner), boxed);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, "valueOf", made, false);
  }

  private static void unbox(MethodVisitor code, Type given, Type known, Type wanted) {
    Type held = wanted;
    for (Type primitive : PRIMITIVES) {
      if (box(primitive).equals(known)) {
        held = primitive;
      }
    }
    String owner = box(held).getInternalName();
    cast(code, given, Type.getObjectType(owner));
    String method = held.getClassName() + "Value";
    String descriptor = Type.getMethodDescriptor(held);
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, method, descriptor, false);
    widen(code, held, wanted);
  }

  private static void cast(MethodVisitor code, Type from, Type to) {
    if (!to.equals(from) && !to.getInternalName().equals(OBJECT)) {
      code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private static void widen(MethodVisitor code, Type from, Type to) {
    int wide = WIDTHS.indexOf(to.getDescriptor());
    int narrow = Math.max(WIDTHS.indexOf(from.getDescriptor()), WIDTHS.indexOf("I"));
    if (from.equals(to) || wide <= narrow) {
      return;
    }
    code.visitInsn(
        switch ("" + WIDTHS.charAt(narrow) + WIDTHS.charAt(wide)) {
          case "IJ" -> Opcodes.I2L;
          case "IF" -> Opcodes.I2F;
          case "ID" -> Opcodes.I2D;
          case "JF" -> Opcodes.L2F;
          case "JD" -> Opcodes.L2D;
          default -> Opcodes.F2D;
        });
  }

  static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }

  /** The class whose instances hold a value. */
  static Type box(Type primitive) {
    String box = BOXES.get(primitive.getSort());
    if (box == null) {
      throw new IllegalStateException("no value: " + primitive);
    }
    return Type.getObjectType(box);
  }
}

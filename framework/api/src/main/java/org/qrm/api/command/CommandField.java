package org.qrm.api.command;

import java.util.List;

/** A field that a command takes or answers. */
public final class CommandField {

    /** What its value is. There may be more of them later: a {@code switch} needs a {@code default}. */
    public enum Type {
        /** A String of at most 4096 characters. */
        TEXT,
        /** A Long. */
        NUMBER,
        /** A Boolean. */
        FLAG
    }

    private final String name;
    private final Type type;
    private final String about;
    private final List<String> words;
    private final boolean optional;

    private CommandField(String name, Type type, String about, List<String> words, boolean optional) {
        if (!name.matches("[a-z][A-Za-z0-9]{0,31}")) {
            throw new IllegalArgumentException(name + " is no name of a field; one is memoryMb");
        }
        if (about.isBlank()) {
            throw new IllegalArgumentException(name + " says nothing about itself");
        }
        this.name = name;
        this.type = type;
        this.about = about;
        this.words = List.copyOf(words);
        this.optional = optional;
    }

    /** @param about for people, as a part of a sentence: {@code "which meter"} */
    public static CommandField text(String name, String about) {
        return new CommandField(name, Type.TEXT, about, List.of(), false);
    }

    public static CommandField number(String name, String about) {
        return new CommandField(name, Type.NUMBER, about, List.of(), false);
    }

    public static CommandField flag(String name, String about) {
        return new CommandField(name, Type.FLAG, about, List.of(), false);
    }

    /** A text that is one of these words. */
    public static CommandField choice(String name, String about, String... words) {
        return new CommandField(name, Type.TEXT, about, List.of(words), false);
    }

    /** The same; it may be left out, of what is taken, or null, in an answer. */
    public CommandField optional() {
        return new CommandField(name, type, about, words, true);
    }

    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    public String about() {
        return about;
    }

    /** Those that it may be; empty for any. */
    public List<String> words() {
        return words;
    }

    public boolean isOptional() {
        return optional;
    }
}

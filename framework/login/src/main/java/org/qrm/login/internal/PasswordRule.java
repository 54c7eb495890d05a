package org.qrm.login.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which passwords are refused: those that are tried first. No mixture of letters and digits is asked for (NIST SP 800-63B,
 * 5.1.1.2), since people answer with {@code Password1}.
 */
final class PasswordRule {

    static final String REMEDY = "Use 8 to 256 characters that nobody tries first, four words for example.";

    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;
    /** Dates and numbers of telephones. */
    private static final Pattern FEW_DIGITS = Pattern.compile("[0-9 ./+-]{1,12}");

    private static final Pattern REPEATED = Pattern.compile("(.{1,4}?)\\1+.{0,3}", Pattern.DOTALL);
    private static final Pattern ADORNED = Pattern.compile("[^\\p{L}]{0,8}?(\\p{L}.*?)[^\\p{L}]{0,8}", Pattern.DOTALL);
    private static final Pattern SEPARATORS = Pattern.compile("[\\s._+-]+");

    private static final List<String> ROWS = List.of(
            "01234567890",
            "abcdefghijklmnopqrstuvwxyz",
            "qwertyuiop",
            "qwertzuiop",
            "azertyuiop",
            "asdfghjkl",
            "zxcvbnm",
            "yxcvbnm");
    private static final int PIECE = 3;
    private static final int REST = 4;

    private static final Set<String> WORDS = words();

    private PasswordRule() {}

    /** Why a user must not have that password; empty when the user may. */
    static Optional<String> objection(String name, String password) {
        if (password == null || password.length() < SHORTEST) {
            return Optional.of("the password has fewer than " + SHORTEST + " characters");
        }
        if (password.length() > LONGEST) {
            return Optional.of("the password has more than " + LONGEST + " characters");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("the password has control characters");
        }
        String lower = password.toLowerCase(Locale.ROOT);
        if (password.isBlank() || REPEATED.matcher(lower).matches()) {
            return Optional.of("the password repeats one character, or a few");
        }
        if (isLittleMoreThan(name, lower)) {
            return Optional.of("the password is little more than the user's name");
        }
        if (isOfRows(lower)) {
            return Optional.of("the password is a row of the keyboard or of the alphabet");
        }
        if (FEW_DIGITS.matcher(password).matches()) {
            return Optional.of("the password has only digits, and few");
        }
        return isCommon(lower)
                ? Optional.of("the password is one of those that are tried first, or close to one")
                : Optional.empty();
    }

    private static boolean isLittleMoreThan(String name, String lower) {
        if (name == null || name.length() < PIECE) {
            return false;
        }
        String known = name.toLowerCase(Locale.ROOT);
        String reversed = new StringBuilder(known).reverse().toString();
        for (String text : List.of(lower, plain(lower))) {
            String rest = text.replace(known, "").replace(reversed, "");
            if (rest.length() < text.length() && rest.length() <= REST) {
                return true;
            }
        }
        return false;
    }

    /** Made of pieces of rows only, forwards or backwards, each of three characters or more. */
    private static boolean isOfRows(String text) {
        int at = 0;
        while (at < text.length()) {
            int piece = longestPiece(text, at);
            if (piece < PIECE) {
                return false;
            }
            at += piece;
        }
        return true;
    }

    private static int longestPiece(String text, int at) {
        int longest = 0;
        for (String row : ROWS) {
            String back = new StringBuilder(row).reverse().toString();
            int length = 0;
            while (at + length < text.length()
                    && (row.contains(text.substring(at, at + length + 1))
                            || back.contains(text.substring(at, at + length + 1)))) {
                length++;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private static boolean isCommon(String lower) {
        Matcher adorned = ADORNED.matcher(lower);
        String core = adorned.matches() ? adorned.group(1) : lower;
        for (String text : List.of(lower, core)) {
            if (isOfWords(text) || isOfWords(plain(text))) {
                return true;
            }
        }
        return false;
    }

    /** One word of the list, or two in a row. */
    private static boolean isOfWords(String text) {
        String joined = SEPARATORS.matcher(text).replaceAll("");
        if (WORDS.contains(joined)) {
            return true;
        }
        for (int i = 1; i < joined.length(); i++) {
            if (WORDS.contains(joined.substring(0, i)) && WORDS.contains(joined.substring(i))) {
                return true;
            }
        }
        return false;
    }

    /** As it was before letters became digits and signs that look like them. */
    private static String plain(String text) {
        return text.replace('0', 'o')
                .replace('1', 'i')
                .replace('!', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('@', 'a')
                .replace('5', 's')
                .replace('$', 's')
                .replace('7', 't');
    }

    private static Set<String> words() {
        try (InputStream in = PasswordRule.class.getResourceAsStream("common-words.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

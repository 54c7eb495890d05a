package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class PasswordRuleTest {

    private static final Map<String, List<String>> REFUSED = Map.of(
            "the password has fewer than 8 characters", List.of("", "seven77", "Tr0ub4&"),
            "the password has more than 256 characters", List.of("long enough, too long, ".repeat(12)),
            "the password has control characters", List.of("line\nfeed and more", "tab\tand more of it"),
            "the password repeats one character, or a few",
                    List.of("        ", "aaaaaaaa", "11111111", "abababab", "12341234", "AbcAbcAbc", "xyxyxyxyx"),
            "the password is little more than the user's name",
                    List.of("ann-baker", "Ann-Baker", "ann-baker1", "2026ann-baker", "rekab-nna!", "4nn-b4ker99"),
            "the password is a row of the keyboard or of the alphabet",
                    List.of(
                            "12345678",
                            "87654321",
                            "abcdefgh",
                            "qwertyuiop",
                            "asdfghjkl",
                            "123qweasd",
                            "poiuytrewq",
                            "abc123xyz"),
            "the password has only digits, and few", List.of("19840215", "2026-11-29", "030 1234567"),
            "the password is one of those that are tried first, or close to one",
                    List.of(
                            "password",
                            "Password",
                            "password1",
                            "P4ssw0rd!",
                            "pa55word",
                            "passw0rd2026",
                            "!!letmein!!",
                            "iloveyou",
                            "sunshine1",
                            "football",
                            "adminadmin",
                            "admin-password",
                            "Welcome2026!",
                            "changeme",
                            "trustno1",
                            "1q2w3e4r",
                            "q1w2e3r4t5",
                            "superman",
                            "princess",
                            "Summer2026",
                            "qrmadmin",
                            "hello world"));

    private static final List<String> TAKEN = List.of(
            "correct horse battery staple",
            "a password for ann",
            "long enough",
            "pass word for me",
            "simulated machines",
            "another, which is too late",
            "Tr0ub4dor&3",
            "k3-93jfk",
            "83920174650192",
            "ann-baker rides a bicycle",
            "\u00fcberaus \u00e4hnlich",
            "\u5bc6\u7801\u5f88\u96be\u731c\u5230\u7684\u5427");

    @Test
    public void refusesWhatIsTriedFirstAndSaysWhy() {
        REFUSED.forEach((why, passwords) -> passwords.forEach(
                password -> assertEquals(password, Optional.of(why), PasswordRule.objection("ann-baker", password))));
    }

    @Test
    public void takesWhatNobodyTriesFirst() {
        TAKEN.forEach(
                password -> assertEquals(password, Optional.empty(), PasswordRule.objection("ann-baker", password)));
    }
}

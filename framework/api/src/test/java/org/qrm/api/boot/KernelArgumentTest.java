package org.qrm.api.boot;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class KernelArgumentTest {

    @Test
    public void takesWhatKernelsAreGiven() {
        for (String argument : List.of(
                "quiet",
                "memmap=4G$0x100000000",
                "crashkernel=512M-2G:64M,2G-:128M",
                "url=http://a/?b=c&d=e#f",
                "a=b;c|d<e>f{g}",
                "nfsroot=%s,vers=3",
                "ip=:::::eth0:dhcp",
                "--",
                "a=---",
                "a=^~`!*",
                "module.x-y_z=1",
                "=odd")) {
            assertEquals(argument, KernelArgument.checked(argument));
        }
    }

    @Test
    public void putsOnePairOfQuotesAroundAnArgumentWithBlanksAndNoneAroundOthers() {
        assertEquals("\"dyndbg=file x.c +p\"", KernelArgument.checked("dyndbg=\"file x.c +p\""));
        assertEquals("\"dyndbg=file x.c +p\"", KernelArgument.checked("\"dyndbg=file x.c +p\""));
        assertEquals("a=b", KernelArgument.checked("a=\"b\""));
        String once = KernelArgument.checked("a=\"b c\"");
        assertEquals(once, KernelArgument.checked(once));
    }

    @Test
    public void refusesWhatLoadersOrTheServerUseThemselves() {
        for (String argument : List.of(
                "initrd=other.img",
                "noinitrd=1",
                "a=initrd=b",
                "---",
                "-",
                "BOOT_IMAGE=x",
                "rdinit=/bin/sh",
                "initrdmem=0x1000,4096",
                "a=\"b rdinit=/bin/sh\"",
                "qrm.server=https://evil",
                "a=\"b ---\"",
                "a=\"b qrm.token=x\"",
                "a=\"b initrd=c\"")) {
            refuses(argument);
        }
    }

    @Test
    public void refusesWhatOneOfTheLoadersWouldChange() {
        for (String argument : List.of(
                "",
                "\"\"",
                "a b",
                "a'b",
                "a\\b",
                "a\"b",
                "a=\"b",
                "a=\"b\"c",
                "\"a\" b",
                "a=\"b\" \"c\"",
                "a=\"b  c\"",
                "a\tb",
                "a\nb",
                "ä",
                "\u202e",
                "\u0000",
                "x".repeat(901))) {
            refuses(argument);
        }
        refuses(null);
    }

    @Test
    public void measuresArgumentsTogether() {
        KernelArgument.checkTogether(List.of("x".repeat(449), "x".repeat(449)));
        assertThrows(QrmException.class, () -> KernelArgument.checkTogether(List.of("x".repeat(449), "x".repeat(450))));
    }

    /** Linux, init/main.c: unknown_bootoption, whose lists have 32 places. */
    @Test
    public void takesNoMoreThanAKernelHandsToItsFirstProcess() {
        KernelArgument.checkTogether(numbered(24, "w%d"));
        KernelArgument.checkTogether(numbered(24, "n%d=1"));
        KernelArgument.checkTogether(numbered(60, "m.n%d=1"));
        KernelArgument.checkTogether(numbered(60, "m.w%d"));
        KernelArgument.checkTogether(numbered(60, "console=ttyS%d"));
        assertThrows(QrmException.class, () -> KernelArgument.checkTogether(numbered(25, "w%d")));
        List<String> handedOn = new ArrayList<>(numbered(25, "m.w%d"));
        handedOn.add(0, "--");
        assertThrows(QrmException.class, () -> KernelArgument.checkTogether(handedOn));
        assertThrows(QrmException.class, () -> KernelArgument.checkTogether(numbered(25, "n%d=1.5")));
        assertThrows(QrmException.class, () -> KernelArgument.checkTogether(numbered(25, "n%d=\"1 2\"")));
    }

    private static List<String> numbered(int number, String form) {
        return IntStream.range(0, number).mapToObj(form::formatted).toList();
    }

    @Test
    public void splitsALineAtTheBlanksOutsideOfQuotes() {
        assertEquals(List.of("a", "b=\"c d\"", "\"e=f g\""), KernelArgument.split("  a b=\"c d\"  \"e=f g\" "));
        assertEquals(List.of(), KernelArgument.split("  "));
        assertEquals(List.of("a=\"b c"), KernelArgument.split("a=\"b c"));
    }

    private static void refuses(String argument) {
        QrmException refused = assertThrows(argument, QrmException.class, () -> KernelArgument.checked(argument));
        assertEquals(Problem.Kind.INVALID, refused.problem().kind());
    }
}

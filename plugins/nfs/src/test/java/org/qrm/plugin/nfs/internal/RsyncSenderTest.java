package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;

public class RsyncSenderTest {

    private static final String ASKED =
            "source rsync --server --sender -lHogDtpAXrSe.LsfxCIvu --timeout=300 --numeric-ids . /";

    @Test
    public void takesNothingButWhatTheProtocolCanDo() {
        assertEquals(
                List.of(
                        "rsync",
                        "--server",
                        "--sender",
                        "-lHogDtpAXre.LsfxCIvu",
                        "--timeout=300",
                        "--numeric-ids",
                        ".",
                        "/"),
                RsyncSender.words(ASKED, false));
    }

    @Test
    public void asksForAListByADryRun() {
        assertEquals(
                List.of(
                        "rsync",
                        "--server",
                        "--sender",
                        "-nlHogDtpAXre.LsfxCIvu",
                        "--timeout=300",
                        "--numeric-ids",
                        ".",
                        "/"),
                RsyncSender.words(ASKED.replace("-l", "-nl"), true));
    }

    @Test
    public void runsNothingElse() {
        for (String hostile : List.of(
                "",
                "source id",
                "source rsync --server -lHogDtpAXre.LsfxCIvu --timeout=300 --numeric-ids . /",
                ASKED + " /etc",
                ASKED.replace(" /", " /root"),
                ASKED.replace("--numeric-ids", "--remove-source-files"),
                ASKED.replace("--numeric-ids", "--numeric-ids --log-file=/etc/passwd"),
                ASKED.replace("LsfxCIvu", "L;id"),
                ASKED.replace("LsfxCIvu", "LsfxCIvuLsfxCIvuLsfxCIvu"),
                ASKED.replace("-l", "-lK"),
                ASKED + "\n")) {
            assertThrows(hostile, QrmException.class, () -> RsyncSender.words(hostile, false));
        }
    }
}

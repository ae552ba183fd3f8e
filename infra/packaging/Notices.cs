using System.Text;

namespace OpenClaw.Packaging;

/// <summary>Whose work is in a package and under which licences, with their texts.</summary>
public static class Notices
{
    private const string Mit = """
        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
        files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
        modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
        Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
        Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
        WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
        COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
        ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
        """;

    private const string Bsd2 = """
        Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following
        conditions are met:

        1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
           disclaimer.
        2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
           disclaimer in the documentation and/or other materials provided with the distribution.

        THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
        INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
        DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
        EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF
        USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
        LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED
        OF THE POSSIBILITY OF SUCH DAMAGE.
        """;

    private const string Bsd3Condition = """
        3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
           derived from this software without specific prior written permission.
        """;

    private const string LlvmException = """
        ---- LLVM Exceptions to the Apache 2.0 License ----

        As an exception, if, as a result of your compiling your source code, portions of this Software are embedded into an Object
        form of such source code, you may redistribute such embedded portions in such Object form without complying with the
        conditions of Sections 4(a), 4(b) and 4(d) of the License.

        In addition, if you combine or link compiled forms of this Software with software that is licensed under the GPLv2
        ("Combined Software") and if a court of competent jurisdiction determines that the patent provision (Section 3), the
        indemnity provision (Section 9) or other Section of the License conflicts with the conditions of the GPLv2, you may
        retroactively and prospectively choose to deem waived or otherwise exclude such Section(s) of the License, but only in their
        entirety and only with respect to the Combined Software.
        """;

    /// <summary>Beside this assembly.</summary>
    private static string Apache => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Apache-2.0.txt"));

    /// <exception cref="PackagingException">A licence whose text is neither in its package nor known here.</exception>
    public static PackageFile Create(IReadOnlyList<NuGetPackage> packages)
    {
        var text = new StringBuilder("This package contains software of others.\n");
        foreach (var package in packages)
        {
            text.Append('\n').Append('=', 100).Append('\n')
                .Append(package.Id).Append(' ').Append(package.Version).Append('\n')
                .Append(package.ProjectUrl).Append('\n')
                .Append("Authors: ").Append(package.Authors).Append('\n')
                .Append(package.Copyright).Append('\n')
                .Append("Licence: ").Append(package.License).Append('\n');
            foreach (var words in Texts(package))
            {
                text.Append('\n').Append(words.Replace("\r\n", "\n", StringComparison.Ordinal).Trim('\n', '\uFEFF')).Append('\n');
            }
        }

        text.Append('\n').Append('=', 100).Append('\n').Append(
            "@embedpdf/pdfium, PDFium compiled to WebAssembly: its licences are in pdfium/LICENSE and pdfium/LICENSE.pdfium.\n");
        return new PackageFile("NOTICES.txt", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static List<string> Texts(NuGetPackage package)
    {
        var files = package.LicenseFiles.Select(File.ReadAllText).ToList();
        return files.Count > 0 ? files : [package.License switch
        {
            "MIT" => Mit,
            "BSD-2-Clause" => Bsd2,
            "BSD-3-Clause" => Bsd2.Replace("\n\nTHIS", $"\n{Bsd3Condition}\n\nTHIS", StringComparison.Ordinal),
            "Apache-2.0" => Apache,
            "https://go.microsoft.com/fwlink/?linkid=2028464" => Mit, // the WebJobs SDK
            "https://github.com/Azure/azure-storage-net/blob/master/LICENSE.txt" => Apache,
            "Apache-2.0 WITH LLVM-exception" => $"{Apache}\n{LlvmException}",
            var other => throw new PackagingException(
                $"the licence of {package.Id} {package.Version}, '{other}', has no text in the package; add it to Notices.cs."),
        }];
    }
}

"""The papers that the pages bring to life, and those that their theory is from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A paper on arXiv."""

    arxiv: str
    year: int
    authors: tuple[str, ...]
    """As `last name, first name`."""
    title: str

    @property
    def url(self) -> str:
        """Where it can be read."""
        return f"https://arxiv.org/abs/{self.arxiv}"

    @property
    def who(self) -> str:
        """The authors' last names, as a text cites them."""
        last = [name.partition(", ")[0] for name in self.authors]
        return ", ".join(last) if len(last) < 4 else f"{last[0]} et al."

    @property
    def bibtex(self) -> str:
        """Its entry in a bibliography."""
        first = self.authors[0].partition(", ")[0].split()[0].lower()
        fields = {
            "title": f"{{{self.title}}}",
            "author": " and ".join(self.authors),
            "year": str(self.year),
            "eprint": self.arxiv,
            "archivePrefix": "arXiv",
            "url": self.url,
        }
        lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
        return f"@misc{{{first}{self.year},\n{lines}\n}}\n"


PAPERS = (
    Paper(
        "1906.08034",
        2019,
        ("Geiger, Mario", "Spigler, Stefano", "Jacot, Arthur", "Wyart, Matthieu"),
        "Disentangling feature and lazy training in deep neural networks",
    ),
    Paper(
        "1803.08367",
        2018,
        ("Maennel, Hartmut", "Bousquet, Olivier", "Gelly, Sylvain"),
        "Gradient Descent Quantizes ReLU Network Features",
    ),
    Paper(
        "1905.11604",
        2019,
        (
            "Nakkiran, Preetum",
            "Kaplun, Gal",
            "Kalimeris, Dimitris",
            "Yang, Tristan",
            "Edelman, Benjamin L.",
            "Zhang, Fred",
            "Barak, Boaz",
        ),
        "SGD on Neural Networks Learns Functions of Increasing Complexity",
    ),
    Paper(
        "2011.09468",
        2021,
        (
            "Pezeshki, Mohammad",
            "Kaba, Sékou-Oumar",
            "Bengio, Yoshua",
            "Courville, Aaron",
            "Precup, Doina",
            "Lajoie, Guillaume",
        ),
        "Gradient Starvation: A Learning Proclivity in Neural Networks",
    ),
    Paper(
        "1312.6120",
        2013,
        ("Saxe, Andrew M.", "McClelland, James L.", "Ganguli, Surya"),
        "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    ),
    Paper(
        "2301.13703",
        2023,
        ("Sclocchi, Antonio", "Geiger, Mario", "Wyart, Matthieu"),
        "Dissecting the Effects of SGD Noise in Distinct Regimes of Deep Learning",
    ),
    Paper(
        "2309.10688",
        2024,
        ("Sclocchi, Antonio", "Wyart, Matthieu"),
        "On the different regimes of Stochastic Gradient Descent",
    ),
    Paper(
        "1809.06848",
        2018,
        ("Tachet des Combes, Rémi", "Pezeshki, Mohammad", "Shabanian, Samira", "Courville, Aaron", "Bengio, Yoshua"),
        "On the Learning Dynamics of Deep Neural Networks",
    ),
    Paper(
        "2003.02218",
        2020,
        ("Lewkowycz, Aitor", "Bahri, Yasaman", "Dyer, Ethan", "Sohl-Dickstein, Jascha", "Gur-Ari, Guy"),
        "The large learning rate phase of deep learning: the catapult mechanism",
    ),
    Paper(
        "2103.00065",
        2021,
        ("Cohen, Jeremy M.", "Kaur, Simran", "Li, Yuanzhi", "Kolter, J. Zico", "Talwalkar, Ameet"),
        "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability",
    ),
    Paper(
        "2209.15594",
        2022,
        ("Damian, Alex", "Nichani, Eshaan", "Lee, Jason D."),
        "Self-Stabilization: The Implicit Bias of Gradient Descent at the Edge of Stability",
    ),
    Paper(
        "2211.11567",
        2023,
        ("Refinetti, Maria", "Ingrosso, Alessandro", "Goldt, Sebastian"),
        "Neural networks trained with SGD learn distributions of increasing complexity",
    ),
    Paper(
        "2402.04362",
        2024,
        ("Belrose, Nora", "Pope, Quintin", "Quirke, Lucia", "Mallen, Alex", "Fern, Xiaoli"),
        "Neural Networks Learn Statistics of Increasing Complexity",
    ),
    Paper(
        "2310.06110",
        2023,
        ("Kumar, Tanishq", "Bordelon, Blake", "Gershman, Samuel J.", "Pehlevan, Cengiz"),
        "Grokking as the Transition from Lazy to Rich Training Dynamics",
    ),
    Paper("2301.02679", 2023, ("Gromov, Andrey",), "Grokking modular arithmetic"),
    Paper(
        "2210.01117",
        2022,
        ("Liu, Ziming", "Michaud, Eric J.", "Tegmark, Max"),
        "Omnigrok: Grokking Beyond Algorithmic Data",
    ),
)

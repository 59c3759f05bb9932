using Lacuna.Data;

namespace Lacuna.Cli;

/// <summary>Help that several options share.</summary>
internal static class Words
{
    public const string Data = "Data: " + DataSets.Words + ".";
    public const string Forget = "What to forget: " + ForgetSetSpec.Forms + ".";
    public const string Labels = "Which of CIFAR-100's labels are the classes: fine, or coarse with the fine ones as sub-classes (CIFAR-20).";
    public const string Resize = "For a folder of images: the shorter side becomes so many pixels, and the middle square is kept.";
    public const string Size = "Side of the middle square that networks are given (default: all of an image).";
    public const string SplitFile = "For a folder CLASS/*: a text file that says of each image whether it is for training or testing, a line 'relative/path.jpg,train'.";
    public const string HoldOut = "For a folder without test images: a share of each class becomes the test set, for example 20%; always the same images.";
    public const string SkipBad = "Leave damaged images out instead of stopping at them.";
    public const string Json = "Print one JSON document instead of tables.";
    public const string Quiet = "No progress on stderr.";
}

Attribute VB_Name = "XltaxCalls"
Option Explicit
' How a TAX_ function reaches Python and how its answer gets into a cell. Nothing here figures anything.

Private Const MODULE_NAME As String = "xltax.hosts.excel_udfs"
Private mProblem As String

Public Function XltaxCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    ' An answer that begins with the character 21 says what is wrong: the cell gets a real #VALUE!, which SUM does not
    ' skip, and the text is kept for the button Why?.
    Dim answer As Variant
    On Error GoTo Failed
    ' No workbook is handed over: xlwings would look in its sheets for code.
    answer = XLPy.CallUDF(MODULE_NAME, functionName, arguments, Nothing, Application.Caller)
    If VarType(answer) = vbString Then
        If Left$(answer, 1) = Chr$(21) Then
            mProblem = Mid$(answer, 2)
            Debug.Print mProblem
            XltaxCall = CVErr(2015)
            Exit Function
        End If
    End If
    XltaxCall = answer
    Exit Function
Failed:
    mProblem = functionName & ": Python could not be reached. Run xltax doctor. (" & Err.Description & ")"
    Debug.Print mProblem
    XltaxCall = CVErr(2015)
End Function

Public Function XltaxWhy(ByVal cell As Range) As String
    ' What is wrong in a cell that shows #VALUE!: its formula is worked out once more, and what it says is caught.
    mProblem = ""
    On Error Resume Next
    If cell.HasArray Then
        cell.CurrentArray.Calculate
    Else
        cell.Calculate
    End If
    On Error GoTo 0
    XltaxWhy = mProblem
    If mProblem = "" Then XltaxWhy = "The formula in this cell has no xltax error."
End Function
